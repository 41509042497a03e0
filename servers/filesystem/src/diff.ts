/** Lines of context around a change. */
const context = 3

/** Changed lines up to which the shortest diff is sought; beyond, the changed part is shown as replaced whole. */
const soughtChanges = 1_000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The change from `before` to `after` as a unified diff, as `patch` takes it; empty when there is none. */
export function unifiedDiff(before: string, after: string, name: string): string {
  if (before === after) return ''
  const lines = changesBetween(splitLines(before), splitLines(after))
  return `--- ${name}\n+++ ${name}\n${hunks(lines).join('')}`
}

/** Lines with their ends, so that a missing last newline is a difference. */
const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function changesBetween(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  const room = Math.min(before.length, after.length) - head
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const marked = (sign: Line['sign'], lines: readonly string[]): Line[] => lines.map(text => ({ sign, text }))
  const removed = before.slice(head, before.length - tail)
  const added = after.slice(head, after.length - tail)
  const middle = shortest(removed, added) ?? [...marked('-', removed), ...marked('+', added)]
  return [...marked(' ', before.slice(0, head)), ...middle, ...marked(' ', before.slice(before.length - tail))]
}

/** Myers' greedy search for the fewest changes; undefined when there are more than `soughtChanges`. */
function shortest(a: readonly string[], b: readonly string[]): readonly Line[] | undefined {
  const most = Math.min(a.length + b.length, soughtChanges)
  const reach = new Int32Array(2 * most + 3)
  const rounds: Int32Array[] = []
  for (let changes = 0; changes <= most; changes++) {
    rounds.push(reach.slice(most - changes, most + changes + 3))
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const down = goesDown(reach, most + 1, diagonal, changes)
      let x = down ? at(reach, most + 1 + diagonal + 1) : at(reach, most + 1 + diagonal - 1) + 1
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      reach[most + 1 + diagonal] = x
      if (x >= a.length && x - diagonal >= b.length) return retraced(a, b, rounds)
    }
  }
  return undefined
}

/** Walks back from the end through what each round had reached. */
function retraced(a: readonly string[], b: readonly string[], rounds: readonly Int32Array[]): readonly Line[] {
  const lines: Line[] = []
  let x = a.length
  let y = b.length
  for (let changes = rounds.length - 1; changes >= 0; changes--) {
    const reach = rounds[changes] ?? new Int32Array()
    const middle = changes + 1
    const diagonal = x - y
    const down = goesDown(reach, middle, diagonal, changes)
    const fromX = changes === 0 ? 0 : at(reach, middle + diagonal + (down ? 1 : -1))
    const fromY = changes === 0 ? 0 : fromX - (diagonal + (down ? 1 : -1))
    while (x > fromX && y > fromY) {
      lines.push({ sign: ' ', text: a[--x] ?? '' })
      y--
    }
    if (changes === 0) break
    if (down) lines.push({ sign: '+', text: b[--y] ?? '' })
    else lines.push({ sign: '-', text: a[--x] ?? '' })
  }
  return lines.reverse()
}

/** Whether the furthest way onto a diagonal adds a line of `b` (down) or drops one of `a`. */
function goesDown(reach: Int32Array, middle: number, diagonal: number, changes: number): boolean {
  if (diagonal === -changes) return true
  return diagonal !== changes && at(reach, middle + diagonal - 1) < at(reach, middle + diagonal + 1)
}

const at = (reach: Int32Array, index: number): number => reach[index] ?? 0

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap((line, index) => (line.sign === ' ' ? [] : [index]))
  const spans: { start: number; end: number }[] = []
  for (const index of changed) {
    const last = spans.at(-1)
    if (last !== undefined && index - context <= last.end) last.end = index + context + 1
    else spans.push({ start: Math.max(0, index - context), end: index + context + 1 })
  }
  let position = 0
  let beforeLine = 1
  let afterLine = 1
  return spans.map(span => {
    const skipped = span.start - position
    const shown = lines.slice(span.start, span.end)
    const [removed, added] = [shown.filter(line => line.sign !== '+'), shown.filter(line => line.sign !== '-')]
    const header = `@@ -${range(beforeLine + skipped, removed.length)} +${range(afterLine + skipped, added.length)} @@\n`
    position = span.start + shown.length
    beforeLine += skipped + removed.length
    afterLine += skipped + added.length
    return header + shown.map(printed).join('')
  })
}

/** An empty range names the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`
  return count === 1 ? `${start}` : `${start},${count}`
}

function printed({ sign, text }: Line): string {
  return text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`
}
