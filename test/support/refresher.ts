import { createInterface } from 'node:readline'
import { oauth } from '@interlock/auth'
import { environmentKey, fileStore } from '@interlock/auth/node'
import { connect } from '@interlock/client'

// A process with several connections to one server, each with the login that it finds in a folder. It begins each
// time that it is told to, and writes what each of them got.
const [, , url = '', directory = '', key = ''] = process.argv

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
for await (const connections of createInterface({ input: process.stdin })) {
  const got = await Promise.all(Array.from({ length: Number(connections) }, subject))
  process.stdout.write(`${JSON.stringify(got)}\n`)
}
