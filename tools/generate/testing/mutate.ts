import { below, pick, type Random } from './random.ts'

type Container = Record<string, unknown> | unknown[]

/** A copy of a JSON value with one random change somewhere inside it. */
export function mutate(value: unknown, random: Random): unknown {
  const root = { value: structuredClone(value) }
  const places = [...placesOf(root)].filter(([container, key]) => container !== root || key === 'value')
  const [container, key] = pick(places, random)
  if (Array.isArray(container)) changeItem(container, Number(key), random)
  else changeMember(container, key, random, container !== root)
  return root.value
}

function changeItem(list: unknown[], at: number, random: Random): void {
  switch (below(3, random)) {
    case 0:
      list.splice(at, 1)
      break
    case 1:
      list.push(...Array.from({ length: 101 }, () => list[at]))
      break
    default:
      list[at] = another(list[at], random)
  }
}

function changeMember(members: Record<string, unknown>, name: string, random: Random, removable: boolean): void {
  const change = below(removable ? 4 : 2, random)
  if (change === 2) delete members[name]
  else if (change === 3) members[pick(['unknown', 'constructor', 'type', 'mode'], random)] = another(undefined, random)
  else members[name] = another(members[name], random)
}

const strangers: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  101,
  1e21,
  '',
  'text',
  'form',
  'object',
  'string',
  [],
  [null],
  ['text'],
  {},
  { type: 'text' },
  { type: 'object' },
]

function another(value: unknown, random: Random): unknown {
  if (typeof value === 'number' && random() < 0.4) return value + pick([0.5, -100, 1000], random)
  if (typeof value === 'string' && random() < 0.3) return `${value}x`
  return structuredClone(pick(strangers, random))
}

function* placesOf(container: Container): Generator<[container: Container, key: string]> {
  for (const [key, value] of Object.entries(container)) {
    yield [container, key]
    if (typeof value === 'object' && value !== null) yield* placesOf(value as Container)
  }
}
