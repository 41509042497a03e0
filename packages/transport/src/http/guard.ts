import type { HttpRequest } from './request.ts'

/** Who may talk to an HTTP endpoint, against DNS rebinding (specification: Streamable HTTP, Security & Endpoint). */
export interface GuardOptions {
  /** Whether the endpoint listens on a loopback address; then only loopback names are taken as `Host`. */
  readonly isLoopback: boolean
  /** Further values of `Host` that are right, without port. */
  readonly allowedHosts?: readonly string[]
  /** Further values of `Origin` that are right, for example `https://app.example.com`. */
  readonly allowedOrigins?: readonly string[]
}

export type Verdict =
  | { readonly kind: 'allow'; readonly origin?: string }
  | { readonly kind: 'deny'; readonly reason: string }

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

export const isLoopbackHost = (host: string): boolean => loopbackHosts.has(host) || /^127(?:\.\d{1,3}){3}$/.test(host)

/** Made once per endpoint; the values seen most are answered from a small memory. */
export function guard(options: GuardOptions): (request: HttpRequest) => Verdict {
  const hosts = new Set(options.allowedHosts?.map(host => host.toLowerCase()))
  const origins = new Set(options.allowedOrigins?.map(origin => origin.toLowerCase()))
  const isHostAllowed = remember(host => {
    if (hosts.has(host) || hosts.has(withoutPort(host))) return true
    return options.isLoopback ? isLoopbackHost(withoutPort(host)) : hosts.size === 0
  })
  const isOriginAllowed = remember(origin => {
    if (origins.has(origin) || origins.has('*')) return true
    return options.isLoopback && isLoopbackOrigin(origin)
  })
  return request => {
    const host = request.header('host')
    if (host === undefined || !isHostAllowed(host)) {
      return { kind: 'deny', reason: 'the Host header names a host that this server does not answer for' }
    }
    const origin = request.header('origin')
    if (origin === undefined) return allowed
    if (!isOriginAllowed(origin))
      return { kind: 'deny', reason: 'the Origin header names an origin that is not allowed' }
    return { kind: 'allow', origin }
  }
}

const allowed: Verdict = { kind: 'allow' }

const withoutPort = (host: string): string => host.replace(/:\d*$/, '')

function isLoopbackOrigin(origin: string): boolean {
  const found = /^https?:\/\/(\[[^\]]*\]|[^/:]+)(?::\d+)?$/.exec(origin)
  return found !== null && isLoopbackHost(found[1] ?? '')
}

/** Distinct values remembered; past that they are judged anew each time. */
const remembered = 64

function remember(judge: (value: string) => boolean): (value: string) => boolean {
  const verdicts = new Map<string, boolean>()
  return raw => {
    const known = verdicts.get(raw)
    if (known !== undefined) return known
    const verdict = judge(raw.toLowerCase())
    if (verdicts.size < remembered) verdicts.set(raw, verdict)
    return verdict
  }
}
