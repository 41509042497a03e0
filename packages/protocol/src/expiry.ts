import type { Principal } from './exchange.ts'

/** Longest that timers can wait; a longer wait would be none at all. Whatever lasts for longer ends then. */
const longestMs = 2 ** 31 - 1

/** Calls back once what a principal has shown is over, if it ever is. Keeps no process alive. */
export function whenExpired(principal: Principal | undefined, listener: () => void): Disposable {
  const { expiresAtMs } = principal ?? {}
  if (expiresAtMs === undefined) return never
  const timer = setTimeout(listener, Math.min(Math.max(expiresAtMs - Date.now(), 0), longestMs)).unref()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}

const never: Disposable = { [Symbol.dispose]: () => {} }
