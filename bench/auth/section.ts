import { contest } from '../load/contest.ts'
import { type Credentials, driveHttp } from '../load/drive-http.ts'
import { wrongOf } from '../load/turns.ts'
import { workloads } from '../load/workloads.ts'
import { listeningOn, type Program, urlOf } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { ratio, type Table } from '../table.ts'
import { type Issuer, startIssuer } from './issuer.ts'

/** What it costs to know who calls. */
export const auth: Section = {
  name: 'auth',
  about: 'CPU time of a server for one tools/call with an access token: JWT, and JWT with a DPoP proof',
  words: [],
  async *run(_words, options) {
    const issuer = await startIssuer()
    try {
      yield await measure(issuer, options)
    } finally {
      issuer.close()
    }
  },
}

interface Contestant extends Program {
  readonly credentials?: Credentials
}

const bare = 'bare'

function contestants(issuer: Issuer, only: string): Contestant[] {
  const http = { HTTP: '1', ERA: 'modern', REPLY: 'json', SCHEMA: 'zod' }
  const protectedBy = { ...http, ...issuer.env }
  const all: Contestant[] = [
    { name: bare, script: 'bare-http.js', env: http, listens: listeningOn },
    { name: 'bare, one ES256 check', script: 'bare-es256.js', env: http, listens: listeningOn },
    { name: 'interlock', script: 'ours.js', env: http, listens: listeningOn },
    {
      name: 'interlock, JWT',
      script: 'ours.js',
      env: protectedBy,
      listens: listeningOn,
      credentials: issuer.bearer(),
    },
    {
      name: 'interlock, JWT + DPoP',
      script: 'ours.js',
      env: { ...protectedBy, DPOP: '1' },
      listens: listeningOn,
      credentials: issuer.dpop(),
    },
  ]
  return all.filter(({ name }) => name.startsWith(bare) || name.includes(only))
}

async function measure(issuer: Issuer, options: RunOptions): Promise<Table> {
  const [workload] = workloads
  if (workload === undefined) throw new TypeError('there is no tool to call')
  const found = await contest(contestants(issuer, options.only), options, (running, contestant) =>
    driveHttp(urlOf(running), 'modern', workload, contestant),
  )
  const [base] = found
  const rows = found.map(({ name: contestant, cpuMicroseconds, disturbed, kept, wrong }) => ({
    contestant,
    cpuRatio: ratio(cpuMicroseconds, base?.cpuMicroseconds),
    cpuMicroseconds,
    disturbed,
    kept,
    wrong,
  }))
  const title = '`add` over http, modern (2026-07-28), with an access token'
  return { name: 'auth http modern add', title, columns, rows, note, ...wrongOf(found) }
}

const note =
  'Keys and token are those of the calls before, as they are in use; each proof is a new one. `bare, one ES256 check` ' +
  'less `bare` is what a signature costs at least. The limits on remembered proofs are raised, since one client sends ' +
  'them as fast as it can.'

const columns = [
  { key: 'contestant', title: '' },
  { key: 'cpuRatio', title: 'CPU × bare', digits: 2 },
  { key: 'cpuMicroseconds', title: 'CPU µs/call', digits: 1 },
  { key: 'disturbed', title: 'disturbed' },
  { key: 'kept', title: 'windows' },
  { key: 'wrong', title: 'wrong' },
]
