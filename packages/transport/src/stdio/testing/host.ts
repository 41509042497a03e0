/**
 * A host with two local servers that do not end by themselves and one descendant that left their groups. Prints the
 * process ids of all of them and of the orphan guard, then does as told: `stay`, `exit` at once, or `stop` the servers
 * and end when nothing keeps the event loop alive.
 */
import { orphanGuard } from '../orphan-guard.ts'
import { launch } from '../process.ts'
import { fixture, nextLine } from './processes.ts'

const servers = [
  launch({ command: process.execPath, args: [fixture('stubborn.mjs')] }),
  launch({ command: process.execPath, args: [fixture('spawner.mjs'), 'orphan'] }),
]
const [, orphan] = await Promise.all(servers.map(server => nextLine(server.stdout)))
process.stdout.write(
  `${JSON.stringify({ guard: orphanGuard.pid, servers: [...servers.map(server => server.pid), Number(orphan)] })}\n`,
)

switch (process.argv[2]) {
  case 'exit':
    process.exit(0)
    break
  case 'stop':
    await Promise.all(servers.map(server => server.stop({ eofMs: 0, termMs: 0 })))
    break
  default:
    setInterval(() => {}, 60_000)
}
