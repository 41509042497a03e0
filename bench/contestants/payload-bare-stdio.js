/** One large message at a time: the pieces of a line are joined once, where node:readline would build it up as a string. */
import { answers } from './bare.js'

let pieces = []

process.stdin.on('data', chunk => {
  if (chunk.at(-1) !== 0x0a) return pieces.push(chunk)
  const line = String(Buffer.concat([...pieces, chunk]))
  pieces = []
  for (const one of line.trimEnd().split('\n')) for (const message of answers(one)) process.stdout.write(`${message}\n`)
})
