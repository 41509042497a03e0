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
        return [
          `${paint.good('✓')} ${name}  ${offer(server)}  ${paint.dim(server.revision ?? '')}${perUser(server)}`,
          ...warnings,
        ]
      case 'perUser':
        return [`${paint.good('✓')} ${name}${perUser(server)}`, ...warnings]
      case 'down':
        return [...down(name, server.reason ?? 'no reason is known', server.retryAt !== undefined, paint), ...warnings]
      case 'starting':
        if (server.reason !== undefined) return [...down(name, server.reason, true, paint), ...warnings]
        return [`… ${name}  starting; its tools are added when it is ready`, ...warnings]
      case 'disabled':
      case 'closed':
        return [paint.dim(`- ${name}  ${server.state}`)]
    }
  })
}

/** The reason, with what the server said last below it. */
function down(name: string, reason: string, isRetried: boolean, paint: Paint): readonly string[] {
  const [first, ...rest] = withoutControls(reason).split('\n')
  return [
    `${paint.bad('✗')} ${name}  ${first}`,
    ...rest,
    ...(isRetried ? [paint.dim('    it will be tried again')] : []),
  ]
}

function perUser({ users }: ServerStatus): string {
  if (users === undefined) return ''
  return `  per user, ${users === 0 ? 'nobody' : users} connected`
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
