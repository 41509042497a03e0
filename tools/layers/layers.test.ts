import { describe, expect, test } from 'vitest'
import { read } from './imports.ts'
import { offences } from './rules.ts'

const judge = (path: string, text: string): readonly string[] =>
  offences(path, read(path, text)).map(({ line, rule }) => `${line} ${rule}`)

describe('allowed', () => {
  test.each([
    [
      'packages/server/src/tool.ts',
      "import { text } from './content.ts'\nimport type { Tool } from '@interlock/protocol'",
    ],
    [
      'packages/gateway/src/gateway.ts',
      "import { connect } from '@interlock/client'\nimport 'node:fs'\nimport 'jsonc-parser'",
    ],
    ['packages/transport/src/stdio/tree.ts', "import { spawn } from 'node:child_process'"],
    ['packages/transport/src/http/node-client.ts', "import http from 'node:http'"],
    ['packages/server/src/receive.ts', "import { modernEra } from './eras/modern/serve.ts'"],
    ['packages/server/src/eras/modern/serve.ts', "import { Seal } from './seal.ts'"],
    ['packages/server/src/eras/modern/serve.ts', "import { ask } from '../ask.ts'"],
    ['packages/protocol/src/model/index.ts', "import type { Newest } from '../revisions/index.ts'"],
    [
      'packages/protocol/src/revisions/table.ts',
      "import { a } from './2025-11-25/revision.ts'\nconst x = '2025-11-25'",
    ],
    ['packages/client/src/target.ts', "const { stdioTransport } = await import('@interlock/transport/stdio')"],
    ['packages/server/src/tool.ts', '// since 2025-11-25\nconst at = "on 2025-11-25"'],
    [
      'servers/time/src/main.ts',
      "import { serve } from '@interlock/server'\nimport 'node:path'\nimport { z } from 'zod'",
    ],
  ])('%s', (path, text) => {
    expect(judge(path, text)).toEqual([])
  })
})

describe('against the rules', () => {
  test.each([
    [
      'packages/protocol/src/call.ts',
      "\nexport { server } from '@interlock/server'",
      '2 imports "@interlock/server": protocol may import none of our packages',
    ],
    [
      'packages/client/src/client.ts',
      "const later = () => import('@interlock/server')",
      '1 imports "@interlock/server": client may import protocol, transport',
    ],
    [
      'packages/server/src/tool.ts',
      "type Gateway = import('@interlock/gateway').Gateway",
      '1 imports "@interlock/gateway": server may import protocol, transport',
    ],
    [
      'servers/time/src/main.ts',
      "import { connect } from '@interlock/client'",
      '1 imports "@interlock/client": time may import server, json-schema',
    ],
    ['packages/server/src/tool.ts', "import { z } from 'zod'", '1 imports "zod": server has no foreign dependency'],
    [
      'packages/server/src/tool.ts',
      "import { randomUUID } from 'node:crypto'",
      '1 imports "node:crypto": only the leaf files for Node may do that; the others run on every web-standard runtime',
    ],
    [
      'packages/client/src/target.ts',
      "import { stdioTransport } from '@interlock/transport/stdio'",
      '1 imports "@interlock/transport/stdio": only the leaf files for Node may do that; the others run on every web-standard runtime',
    ],
    [
      'packages/server/src/tool.ts',
      "import { call } from '../../protocol/src/call.ts'",
      '1 imports "../../protocol/src/call.ts": a relative import stays inside its package; import the other package by its name',
    ],
    [
      'packages/protocol/src/meta.ts',
      "import { features } from './revisions/2025-11-25/features.ts'",
      '1 imports "./revisions/2025-11-25/features.ts": revisions are reached through revisions/index.ts',
    ],
    [
      'packages/server/src/tool.ts',
      "import type { Session } from './eras/legacy/session.ts'",
      '1 imports "./eras/legacy/session.ts": an era is known only to its own folder and to packages/server/src/receive.ts',
    ],
    [
      'packages/server/src/eras/modern/serve.ts',
      "import type { Session } from '../legacy/session.ts'",
      '1 imports "../legacy/session.ts": an era is known only to its own folder and to packages/server/src/receive.ts',
    ],
    [
      'packages/server/src/tool.ts',
      "const isNew = version >= '2026-07-28'",
      '1 names the date "2026-07-28": dates appear only under revisions/; ask for a feature instead',
    ],
  ])('%s: %s', (path, text, expected) => {
    expect(judge(path, text)).toEqual([expected])
  })
})
