/** Where something stood at a time. */
export interface Sample {
  readonly ms: number
  readonly value: number
}

/**
 * By how much something grew from the first sample to the last, on the line that fits all of them best: one high or low
 * sample at an end says nothing of a trend.
 */
export function growth(samples: readonly Sample[]): number {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined || first === last) return 0
  const mean = (pick: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length
  const ms = mean(sample => sample.ms)
  const value = mean(sample => sample.value)
  const slope =
    mean(sample => (sample.ms - ms) * (sample.value - value)) / mean(sample => (sample.ms - ms) * (sample.ms - ms))
  return slope * (last.ms - first.ms)
}
