import type { Io } from './io.ts'

/** Says on a terminal that something is going on, and stops saying so; ends early when the person wants that. */
export async function waiting<T>(io: Io, what: string, work: Promise<T>): Promise<T> {
  const isShown = io.stderr.isTTY === true
  const started = Date.now()
  const show = (): void => void io.stderr.write(`\r${what} … ${Math.round((Date.now() - started) / 1000)} s`)
  const timer = isShown ? setInterval(show, 1000) : undefined
  try {
    return await Promise.race([work, stopped(io.signal)])
  } finally {
    clearInterval(timer)
    if (isShown) io.stderr.write('\r\u001B[K')
  }
}

const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
