import { parseArgs } from 'node:util'
import { serve } from '@interlock/server'
import { filesystem } from './server.ts'

const usage = `Usage: interlock-filesystem <folder>… [options]

Serves the files inside the given folders, and nothing else, over the Model Context Protocol.

  --read-only    offer no tools that change files
  --http         Streamable HTTP instead of standard input and output
  --port <n>     port for --http
  --host <name>  address for --http
  --help         this text
`

/** Runs the command. Faults in the arguments are told on standard error and set exit code 2. */
export async function main(argv: readonly string[]): Promise<void> {
  const command = understood(argv)
  if (command === 'help') {
    process.stdout.write(usage)
  } else if (typeof command === 'string') {
    process.stderr.write(`interlock-filesystem: ${command}\n\n${usage}`)
    process.exitCode = 2
  } else {
    await serve(command.app, { argv: command.argv })
  }
}

/** What the arguments ask for: a server and how to serve it, help, or else what is wrong with them. */
function understood(argv: readonly string[]): { app: ReturnType<typeof filesystem>; argv: string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        'read-only': { type: 'boolean' },
        http: { type: 'boolean' },
        port: { type: 'string' },
        host: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return 'help'
    const { http, port, host } = values
    const rest = [http && ['--http'], port !== undefined && ['--port', port], host !== undefined && ['--host', host]]
    return {
      app: filesystem(positionals, { readOnly: values['read-only'] }),
      argv: rest.flatMap(words => words || []),
    }
  } catch (error) {
    if (error instanceof TypeError) return error.message
    throw error
  }
}
