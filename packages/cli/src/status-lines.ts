import type { ServerStatus } from '@interlock/gateway'
import { withoutControls } from './foreign.ts'
import type { Paint } from './io.ts'

/** One line a server, with the reason and what it last said below where it is down. */
export function statusLines(servers: readonly ServerStatus[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...servers.map(({ name }) => name.length))
  return servers.flatMap((server): readonly string[] => {
    const name = server.name.padEnd(width)
    const warnings = server.warnings.map(warning => paint.dim(`    note: ${withoutControls(warning)}`))
    switch (server.state) {
      case 'ready':
        return [`${paint.good('✓')} ${name}  ${offer(server)}  ${paint.dim(server.revision ?? '')}`, ...warnings]
      case 'down': {
        const [first, ...rest] = withoutControls(server.reason ?? 'no reason is known').split('\n')
        const retry = server.retryAt === undefined ? '' : paint.dim('  (will be tried again)')
        return [`${paint.bad('✗')} ${name}  ${first}${retry}`, ...rest, ...warnings]
      }
      case 'starting':
        return [`… ${name}  still starting; its tools are added when it is ready`, ...warnings]
      case 'disabled':
      case 'closed':
        return [paint.dim(`- ${name}  ${server.state}`)]
    }
  })
}

function offer({ tools, resources, templates, prompts }: ServerStatus): string {
  const counts = [
    [tools, 'tool'],
    [resources, 'resource'],
    [templates, 'template'],
    [prompts, 'prompt'],
  ] as const
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`)
  return said.length === 0 ? 'nothing offered' : said.join(', ')
}
