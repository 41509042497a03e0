/** Answers its client over stdio and does nothing else; what one turn has to say goes out in one write. */
import { createInterface } from 'node:readline'
import { answer } from './client-answers.js'

let pending = ''

function flush() {
  process.stdout.write(pending)
  pending = ''
}

createInterface({ input: process.stdin }).on('line', line => {
  const text = answer(JSON.parse(line))
  if (text === undefined) return
  if (pending === '') setImmediate(flush)
  pending += `${text}\n`
})
