import { expect, test, vi } from 'vitest'
import { Flights } from './flights.ts'

test('work is done once for all who want it meanwhile, and again for those who come later', async () => {
  const flights = new Flights<number>()
  let runs = 0
  const work = async (): Promise<number> => ++runs
  expect(await Promise.all([1, 2, 3].map(() => flights.join('a', work, undefined)))).toEqual([1, 1, 1])
  expect(await flights.join('a', work, undefined)).toBe(2)
  expect(await flights.join('b', work, undefined)).toBe(3)
})

test('a failure is the same for all, and not kept', async () => {
  const flights = new Flights<number>()
  let runs = 0
  const work = async (): Promise<number> => Promise.reject(new Error(`failure ${++runs}`))
  const [first, second] = [flights.join('a', work, undefined), flights.join('a', work, undefined)]
  await expect(first).rejects.toThrow('failure 1')
  await expect(second).rejects.toThrow('failure 1')
  await expect(flights.join('a', work, undefined)).rejects.toThrow('failure 2')
})

test('work that nobody waits for is stopped, after a moment in which somebody may come back', async () => {
  vi.useFakeTimers()
  try {
    const flights = new Flights<number>()
    let isStopped = false
    const work = (signal: AbortSignal): Promise<number> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          isStopped = true
          reject(signal.reason)
        })
      })
    const leave = async (): Promise<void> => {
      const stop = new AbortController()
      const waiting = flights.join('a', work, stop.signal)
      stop.abort(new Error('given up'))
      await expect(waiting).rejects.toThrow('given up')
    }
    await leave()
    await vi.advanceTimersByTimeAsync(500)
    const back = flights.join('a', work, undefined)
    back.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(isStopped).toBe(false)

    const others = new Flights<number>()
    const stop = new AbortController()
    const waiting = others.join('a', work, stop.signal)
    stop.abort(new Error('given up'))
    await expect(waiting).rejects.toThrow('given up')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(isStopped).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('who comes after work was stopped begins anew, however long the stopped work takes to end', async () => {
  vi.useFakeTimers()
  try {
    const flights = new Flights<string>()
    const ends: ((value: string) => void)[] = []
    const work = (): Promise<string> => new Promise(resolve => void ends.push(resolve))
    const stop = new AbortController()
    const first = flights.join('a', work, stop.signal)
    stop.abort(new Error('given up'))
    await expect(first).rejects.toThrow('given up')
    await vi.advanceTimersByTimeAsync(1_000)
    const second = flights.join('a', work, undefined)
    expect(ends).toHaveLength(2)
    ends[0]?.('stopped')
    await vi.advanceTimersByTimeAsync(0)
    const third = flights.join('a', work, undefined)
    expect(ends).toHaveLength(2) // the end of the stopped work does not make room for a third
    ends[1]?.('new')
    expect(await Promise.all([second, third])).toEqual(['new', 'new'])
  } finally {
    vi.useRealTimers()
  }
})
