import { once } from 'node:events'
import { oauth } from '@interlock/auth'
import { environmentKey, fileStore } from '@interlock/auth/node'
import { connect } from '@interlock/client'

// A process with several connections to one server, each with the login that it finds in a folder. It begins when it is
// told to, and writes what each of them got.
const [, , url = '', directory = '', key = '', connections = '1'] = process.argv

async function subject(): Promise<string> {
  const store = fileStore({ directory, key: environmentKey(key) })
  try {
    await using client = await connect(url, { auth: oauth({ store }) })
    const { content } = await client.callTool('whoami')
    return content[0]?.type === 'text' ? content[0].text : ''
  } catch (error) {
    return String(error)
  }
}

process.stdout.write('ready\n')
await once(process.stdin, 'data')
const got = await Promise.all(Array.from({ length: Number(connections) }, subject))
process.stdout.write(`${JSON.stringify(got)}\n`)
process.stdin.destroy()
