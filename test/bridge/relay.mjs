// A program between stdio and a socket, which lets nothing through but one revision of those with sessions:
// node relay.mjs <port> [<version>]
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

const [port, version] = process.argv.slice(2)
const socket = connect(Number(port), '127.0.0.1')
socket.pipe(process.stdout)
socket.on('close', () => process.exit())
socket.on('error', () => process.exit(1))

const methodNotFound = id => ({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })

createInterface({ input: process.stdin })
  .on('line', line => {
    const message = JSON.parse(line)
    if (version !== undefined && message.method === 'server/discover') {
      process.stdout.write(`${JSON.stringify(methodNotFound(message.id))}\n`)
      return
    }
    if (version !== undefined && message.method === 'initialize') message.params.protocolVersion = version
    socket.write(`${JSON.stringify(message)}\n`)
  })
  .on('close', () => socket.end())
