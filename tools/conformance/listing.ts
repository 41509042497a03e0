/** What the conformance tool says that it has. */

export interface Scenario {
  readonly name: string
  /** Protocol versions it runs at, or `extension`. */
  readonly tags: readonly string[]
}

/** The lines `  - name [tag,tag]` of `conformance list`. */
export function readList(text: string): readonly Scenario[] {
  return [...text.matchAll(/^\s+- (\S+) \[([^\]]*)\]/gm)].map(([, name = '', tags = '']) => ({
    name,
    tags: tags.split(',').map(tag => tag.trim()),
  }))
}

/** Scenarios of one side at one version: they run one after the other against one server. */
export interface Leg {
  readonly name: string
  readonly side: 'server' | 'client'
  readonly version: string
  readonly isExtension: boolean
  readonly scenarios: readonly string[]
}

const newestVersion = '2026-07-28'
const newestWithSessions = '2025-11-25'

/** All runs of one side. Extensions run at the versions that can carry them. */
export function legsOf(side: Leg['side'], list: readonly Scenario[]): readonly Leg[] {
  const versions = [...new Set(list.flatMap(({ tags }) => tags))].filter(tag => tag !== 'extension').toSorted()
  const named = (tag: string): string[] => list.filter(({ tags }) => tags.includes(tag)).map(({ name }) => name)
  const plain = versions.map(version => ({
    name: `${side} ${version}`,
    side,
    version,
    isExtension: false,
    scenarios: named(version),
  }))
  const carriers = side === 'server' ? [newestVersion] : [newestWithSessions, newestVersion]
  const extensions = carriers.map(version => ({
    name: `${side} ${version} extensions`,
    side,
    version,
    isExtension: true,
    scenarios: named('extension'),
  }))
  return [...plain, ...extensions].filter(({ scenarios }) => scenarios.length > 0)
}
