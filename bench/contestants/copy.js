/** Copies the bytes: a request's body to a child's input, and the child's line to the reply. One request at a time. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { announce } from './shared.js'

const lineFeed = 0x0a
const child = spawn(process.argv[2], process.argv.slice(3), { stdio: ['pipe', 'pipe', 'inherit'] })
let reply

child.stdout.on('data', chunk => {
  if (chunk.at(-1) === lineFeed) reply.end(chunk.subarray(0, -1))
  else reply.write(chunk)
})

const server = createServer((request, response) => {
  reply = response.writeHead(200, { 'content-type': 'application/json' })
  request.pipe(child.stdin, { end: false })
  request.on('end', () => child.stdin.write('\n'))
})
server.listen(0, '127.0.0.1', () => announce(server))
process.on('SIGTERM', () => process.exit())
