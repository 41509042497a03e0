import type { Section } from '../section.ts'
import { packed } from '../start/packed.ts'
import type { Table } from '../table.ts'
import { bundled } from './bundled.ts'
import { installed } from './installed.ts'

/** What users download, and what a server weighs in one file. */
export const size: Section = {
  name: 'size',
  about: 'packages and bytes of an installation; a minimal stdio server bundled and minified',
  words: [['install', 'bundle']],
  async *run(words, { only }) {
    await packed()
    const isChosen = (word: string): boolean => words.length === 0 || words.includes(word)
    const isWanted = (name: string, index: number): boolean => index === 0 || name.includes(only)
    if (isChosen('install')) yield install(isWanted)
    if (isChosen('bundle')) yield await bundle(isWanted)
  },
}

type Filter = (name: string, index: number) => boolean

const packages = [
  '@interlock/server',
  '@interlock/json-schema',
  '@modelcontextprotocol/sdk',
  '@modelcontextprotocol/server',
  'fastmcp',
]

function install(isWanted: Filter): Table {
  const rows = packages.filter(isWanted).map(name => ({ name, all: installed(name) }))
  const [base] = rows
  return {
    name: 'size install',
    title: 'Installation for production',
    columns: [
      { key: 'contestant', title: '' },
      { key: 'packages', title: 'packages' },
      { key: 'files', title: 'files' },
      { key: 'kilobytes', title: 'KB' },
      { key: 'bytesRatio', title: 'bytes × interlock', digits: 1 },
    ],
    rows: rows.map(({ name, all: { packages: count, files, bytes } }) => ({
      contestant: name,
      packages: count,
      files,
      kilobytes: bytes / 1_000,
      bytesRatio: bytes / (base?.all.bytes ?? NaN),
    })),
    note: 'Each package with what it depends on, uncompressed, peers that are not optional included.',
  }
}

const programs: readonly (readonly [name: string, script: string])[] = [
  ['interlock, no schema library', 'minimal-ours.js'],
  ['interlock, jsonSchema()', 'minimal-ours-json-schema.js'],
  ['interlock, zod', 'minimal-ours-zod.js'],
  ['sdk v1.32.2', 'minimal-v1.js'],
  ['sdk v2.4.0', 'minimal-v2.js'],
  ['fastmcp 4.20.16', 'minimal-fastmcp.js'],
]

async function bundle(isWanted: Filter): Promise<Table> {
  const rows = []
  let base: number | undefined
  for (const [contestant, script] of programs.filter(([name], index) => isWanted(name, index))) {
    const { bytes, gzipBytes, parts } = await bundled(script)
    base ??= bytes
    const most = parts.slice(0, 4).map(([part, partBytes]) => `${part} ${(partBytes / 1_000).toFixed(0)}`)
    rows.push({
      contestant,
      kilobytes: bytes / 1_000,
      gzip: gzipBytes / 1_000,
      bytesRatio: bytes / base,
      most: most.join(', '),
    })
  }
  return {
    name: 'size bundle',
    title: 'A minimal server on stdio, bundled and minified',
    columns: [
      { key: 'contestant', title: '' },
      { key: 'kilobytes', title: 'KB' },
      { key: 'gzip', title: 'gzip KB' },
      { key: 'bytesRatio', title: 'KB × interlock', digits: 1 },
      { key: 'most', title: 'most of it, KB' },
    ],
    rows,
  }
}
