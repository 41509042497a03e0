/** How a client is measured: it calls for as long as it is told on standard input, and says what came of it. */
import { createInterface } from 'node:readline'

const inFlight = Number(process.env.IN_FLIGHT ?? 1)

/**
 * Each line is `{"ms":N}`: keeps its calls in flight for so long and answers with what it did; or `{"heap":true}`:
 * answers with the bytes in use after a collection (`node --expose-gc`).
 *
 * @param call takes a number that is new each time, and resolves with the text that its tool gave
 * @param expected the right text for that number
 */
export function serveWindows(call, expected) {
  let number = 0
  const window = async ms => {
    const load = { calls: 0, wrong: 0 }
    const started = performance.now()
    const one = async () => {
      do {
        number += 1
        const own = number
        const text = await call(own)
        load.calls += 1
        if (text === expected(own)) continue
        load.wrong += 1
        load.firstWrong ??= String(text).slice(0, 500)
      } while (performance.now() - started < ms)
    }
    await Promise.all(Array.from({ length: inFlight }, one))
    return { ...load, ms: performance.now() - started }
  }
  const answer = async line => {
    const command = JSON.parse(line)
    say(command.heap ? await heap() : await window(command.ms))
  }
  createInterface({ input: process.stdin })
    .on('line', line => void answer(line).catch(error => say({ failed: String(error?.stack ?? error) })))
    .on('close', () => process.exit(0))
  process.on('SIGTERM', () => process.exit(0))
}

const say = answer => process.stdout.write(`${JSON.stringify(answer)}\n`)

async function heap() {
  for (let turn = 0; turn < 4; turn += 1) {
    globalThis.gc()
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return { bytes: process.memoryUsage().heapUsed }
}
