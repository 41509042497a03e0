import { expect, test } from 'vitest'
import { gatewayFigures } from './figures.ts'

const window = { calls: 10, ms: 100, wrong: 0, cpuNs: 5_000_000, disturbed: 0 }

test('the CPU time of the gateway alone is without that of the upstream', () => {
  const windows = Array.from({ length: 3 }, () => ({ ...window, upstreamNs: 1_000_000, p50Ms: 2 }))
  const { cpuMicroseconds, ownMicroseconds, callsPerSecond, p50Ms } = gatewayFigures(windows)
  expect({ cpuMicroseconds, ownMicroseconds, callsPerSecond, p50Ms }).toEqual({
    cpuMicroseconds: 500,
    ownMicroseconds: 400,
    callsPerSecond: 100,
    p50Ms: 2,
  })
})

test('latency is that of one call after the other, and a wrong answer of either kind counts', () => {
  const alone = { ...window, p50Ms: 0.5, wrong: 1, firstWrong: '{}' }
  const figures = gatewayFigures([{ ...window, p50Ms: 9 }], [alone])
  expect(figures.p50Ms).toBe(0.5)
  expect(figures.wrong).toBe(1)
  expect(figures.firstWrong).toBe('{}')
})

test('where nobody tells CPU times, there are none', () => {
  expect(gatewayFigures([{ ...window, cpuNs: undefined }]).ownMicroseconds).toBeUndefined()
})
