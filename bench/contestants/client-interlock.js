/** Interlock's client as its users have it: the built packages, every check at its default. */
import { connect } from '@interlock/client'
import { answer, workload } from './client-answers.js'
import { serveWindows } from './client-windows.js'

const { HOW, URL: address } = process.env

/** A transport with nothing behind it, so that what is left is the client's own cost. */
const nothing = {
  kind: 'memory',
  takesCancellation: true, // as our own do
  ended: new Promise(() => {}),
  exchange: async message => ({ response: JSON.parse(answer(message)) }),
  send: async () => {},
  onMessage() {},
  onNoise() {},
  async [Symbol.asyncDispose]() {},
}

function target() {
  if (HOW === 'null') return nothing
  if (HOW === 'http') return address
  const [command, ...args] = JSON.parse(process.env.COMMAND)
  return { command, args }
}

const client = await connect(target(), { era: process.env.ERA })
const call = async number => {
  const { content } = await client.callTool(workload.name, workload.arguments(number))
  return content[0].text
}
serveWindows(call, workload.text)
