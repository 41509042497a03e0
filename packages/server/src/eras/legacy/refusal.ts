import {
  type Binding,
  code,
  type Delivery,
  type Exchange,
  errorResponse,
  isRequest,
  type Revision,
} from '@interlock/protocol'

/** Why a message of no session, or a faulty one of a session, is not taken. */
export type Refusal = { readonly message: string; readonly delivery: Delivery }

export function noSession(binding: Binding): Refusal {
  if (binding.header?.('mcp-session-id') !== undefined) {
    return { message: 'Session not found: it has ended; send initialize to start a new one', delivery: { status: 404 } }
  }
  return {
    message: `Not initialized: send initialize first, or carry the protocol version in params._meta on every request`,
    delivery: { status: 400 },
  }
}

/** An unsupported version header is refused (specification 2025-11-25: Transports, Protocol Version Header). */
export function versionFault(binding: Binding, served: readonly Revision[]): Refusal | undefined {
  const version = binding.header?.('mcp-protocol-version')
  if (version === undefined || served.some(known => known.version === version)) return undefined
  const supported = served.map(known => known.version).join(', ')
  return {
    message: `Unsupported protocol version in the MCP-Protocol-Version header; supported: ${supported}`,
    delivery: { status: 400 },
  }
}

export function refuse(exchange: Exchange, { message: text, delivery }: Refusal): void {
  const { message } = exchange
  if (isRequest(message)) {
    return exchange.reply(errorResponse(message.id, { code: code.invalidRequest, message: text }), delivery)
  }
  exchange.end(delivery)
}
