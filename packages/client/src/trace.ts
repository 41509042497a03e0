import type { Meta, Params } from '@interlock/protocol'

/** Where a call stands in a trace, as W3C Trace Context and W3C Baggage write it. */
export interface TraceContext {
  readonly traceparent?: string
  readonly tracestate?: string
  readonly baggage?: string
}

/** Gives the trace context that is current where it is called, for example that of the active OpenTelemetry span. */
export type Trace = () => TraceContext | undefined

/**
 * The `_meta` keys for a trace context (specification: Base Protocol, OpenTelemetry trace context). What does not keep to
 * its format is told to `warn` and left out; a state without its parent means nothing.
 */
export function traceMeta(trace: Trace, warn: (warning: string) => void): Meta {
  let context: TraceContext | undefined
  try {
    context = trace()
  } catch (error) {
    warn(`the current trace context cannot be had: ${String(error)}`)
  }
  if (context === undefined) return {}
  const { traceparent, tracestate, baggage } = context
  const isTraced = traceparent !== undefined && isParent(traceparent)
  if (traceparent !== undefined && !isTraced) warn('a "traceparent" that is none was not sent')
  return {
    ...(isTraced ? { traceparent } : {}),
    ...(isTraced && isField(tracestate) ? { tracestate } : {}),
    ...(isField(baggage) ? { baggage } : {}),
  }
}

/** Params with these keys of `_meta` as well; what they say already stays. */
export function withTrace(params: Params, meta: Meta | undefined): Params {
  return meta === undefined || Object.keys(meta).length === 0
    ? params
    : { ...params, _meta: { ...meta, ...params._meta } }
}

/** @see https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const isParent = (text: string): boolean =>
  /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}/.test(text) &&
  (!text.startsWith('00') || text.length === 55)

/** Longest list that is sent, as W3C Baggage has it; Trace Context asks for less. */
const fieldCharacters = 8_192

const isField = (text: string | undefined): text is string =>
  text !== undefined && text !== '' && text.length <= fieldCharacters && /^[\t\x20-\x7e]+$/.test(text)
