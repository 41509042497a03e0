import { vi } from 'vitest'

/** What is written to the console and to standard error while it is there. */
export interface WatchedConsole extends Disposable {
  readonly said: () => string
}

export function watchConsole(): WatchedConsole {
  const spies = (['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map(name =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  )
  const streams = [process.stdout, process.stderr].map(stream => vi.spyOn(stream, 'write').mockReturnValue(true))
  const all = [...spies, ...streams]
  return {
    said: () => JSON.stringify(all.map(spy => spy.mock.calls)),
    [Symbol.dispose]() {
      for (const spy of all) spy.mockRestore()
    },
  }
}
