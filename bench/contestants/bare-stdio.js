import { createInterface } from 'node:readline'
import { answers } from './bare.js'

let pending = ''

function flush() {
  process.stdout.write(pending)
  pending = ''
}

/** Joins what one turn of the event loop has to say into one write. */
function later(message) {
  if (pending === '') setImmediate(flush)
  pending += `${message}\n`
}

const write = process.env.WRITE === 'each' ? message => process.stdout.write(`${message}\n`) : later

createInterface({ input: process.stdin }).on('line', line => {
  for (const message of answers(line)) write(message)
})
