/** What both official SDKs are driven by. */
import { answer, workload } from './client-answers.js'
import { serveWindows } from './client-windows.js'

/** A transport with nothing behind it, so that what is left is the client's own cost. */
export class Nothing {
  async start() {}

  async close() {
    this.onclose?.()
  }

  setProtocolVersion() {}

  async send(message) {
    const text = answer(message)
    if (text !== undefined) queueMicrotask(() => this.onmessage?.(JSON.parse(text)))
  }
}

export function serve(client) {
  const call = async number => {
    const { content } = await client.callTool({ name: workload.name, arguments: workload.arguments(number) })
    return content[0].text
  }
  serveWindows(call, workload.text)
}
