/** Longest wait that timers can take; a longer one would be over at once. */
const longestWaitMs = 2 ** 31 - 1

/** Runs `over` when so much time has passed, however long that is. Does not keep the process alive. */
export function after(ms: number, over: () => void): Disposable {
  let timer: ReturnType<typeof setTimeout>
  const wait = (left: number): void => {
    const step = Math.min(left, longestWaitMs)
    timer = setTimeout(() => (left > step ? wait(left - step) : over()), step)
    timer.unref?.()
  }
  wait(ms)
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
