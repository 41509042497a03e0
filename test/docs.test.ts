import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resourceLimits } from '@interlock/auth'
import { clientLimits } from '@interlock/client'
import { configLimits, parkingLimits, upstreamLimits } from '@interlock/gateway'
import { messageLimits } from '@interlock/protocol'
import { eventStoreLimits, serverLimits, taskLimits, workerLimits } from '@interlock/server'
import { sseServerLimits, streamLimits } from '@interlock/transport'
import { nodeLimits } from '@interlock/transport/node'
import { stdioLimits } from '@interlock/transport/stdio'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uriTemplateLimits } from '../packages/protocol/src/uri-template/parse.ts'

/** The pages: their TypeScript compiles, what says that it runs does, and what they point to is there. */
const root = fileURLToPath(new URL('..', import.meta.url))
const pages = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...markdownIn('docs'),
  ...markdownIn('docs/decisions'),
]

interface Block {
  readonly page: string
  /** Line of the first line of code. */
  readonly line: number
  readonly isRun: boolean
  readonly code: string
  /** What a block that is run prints: the `text` block after it. */
  readonly prints: string | undefined
}

const blocks = pages.flatMap(blocksOf)
let folder = ''

beforeAll(() => {
  const cache = join(root, 'node_modules/.cache') // where packages are found, and nothing looks for sources
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'docs-'))
  for (const block of blocks) writeFileSync(fileOf(block), '\n'.repeat(block.line - 1) + block.code)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('there is something to check', () => {
  expect(blocks.length).toBeGreaterThan(5)
  expect(blocks.some(block => block.isRun)).toBe(true)
})

test('all TypeScript in the pages compiles under the strict options', { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, ...looser, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
    root,
  )
  expect(errors).toEqual([])
  const program = ts.createProgram(blocks.map(fileOf), options)
  const faults = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const page = file?.fileName
      .replace(`${folder}/`, '')
      .replace(/\.\d+\.mts$/, '')
      .replaceAll('+', '/')
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? -1) + 1
    return `${page}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  expect(faults).toEqual([])
})

/** An example need not use everything that it shows, and nobody imports it. */
const looser = {
  composite: false,
  noEmit: true,
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
}

describe('what runs prints what the page says', () => {
  test.each(blocks.filter(block => block.isRun).map(block => [`${block.page}:${block.line}`, block] as const))(
    '%s',
    (_, block) => {
      const printed = execFileSync(process.execPath, ['--import', 'tsx', fileOf(block)], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(printed.trimEnd()).toBe(block.prints)
    },
  )
})

describe('links and file names lead somewhere', () => {
  test.each(pages)('%s', page => {
    const text = readFileSync(join(root, page), 'utf8')
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = '']) => join(dirname(page), target))
    const paths = [...text.matchAll(/`((?:packages|servers|tools(?!\/call|\/list)|test|docs|bench)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    )
    expect([...links, ...paths].filter(path => !existsSync(join(root, path)))).toEqual([])
  })
})

test('the limits in SECURITY.md are those of the code', () => {
  const text = readFileSync(join(root, 'SECURITY.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `(\w+)\.(\w+)` +\| (\d+)(?: (\w+))? +\|/gm)]
  const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    clientLimits,
    configLimits,
    eventStoreLimits: { ...eventStoreLimits },
    messageLimits,
    nodeLimits,
    parkingLimits: { ...parkingLimits },
    resourceLimits: { ...resourceLimits },
    serverLimits: { ...serverLimits },
    sseServerLimits,
    stdioLimits: { ...stdioLimits },
    streamLimits,
    taskLimits: { ...taskLimits },
    upstreamLimits,
    uriTemplateLimits,
    workerLimits,
  }
  const said = rows.map(([, group, name, value, unit = '']) => [
    `${group}.${name}`,
    Number(value) * (units[unit] ?? NaN),
  ])
  expect(said.length).toBeGreaterThan(20)
  expect(said).toEqual(rows.map(([, group = '', name = '']) => [`${group}.${name}`, known[group]?.[name]]))
})

const units: Readonly<Record<string, number>> = { '': 1, s: 1000, min: 60_000, KiB: 1024, MiB: 1024 * 1024 }

function markdownIn(path: string): readonly string[] {
  return readdirSync(join(root, path))
    .filter(name => name.endsWith('.md'))
    .map(name => `${path}/${name}`)
}

function fileOf({ page, line }: Block): string {
  return join(folder, `${page.replaceAll('/', '+')}.${line}.mts`)
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```ts( run)?\n([^]*?)^```\n(?:\n```text\n([^]*?)^```\n)?/gm)].map(found => ({
    page,
    line: text.slice(0, found.index).split('\n').length + 1,
    isRun: found[1] !== undefined,
    code: found[2] ?? '',
    prints: found[3]?.trimEnd(),
  }))
}
