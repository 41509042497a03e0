import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Credentials } from '../load/drive-http.ts'

/** An authorization server on loopback that has published its key, and makes tokens without being asked. */
export interface Issuer {
  /** What a protected contestant is told. */
  readonly env: Readonly<Record<string, string>>
  /** One token for all calls. */
  bearer(): Credentials
  /** One token for all calls, and a proof of its own for each (RFC 9449). */
  dpop(): Credentials
  close(): void
}

/** Longer than any run. */
const lifeSec = 24 * 3600

export async function startIssuer(): Promise<Issuer> {
  const own = new SigningKey()
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [own.jwk] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP, so it is an address and not a pipe's name
  const issuer = `http://127.0.0.1:${port}`
  const token = (more: object): string => {
    const now = seconds()
    const claims = {
      iss: issuer,
      aud: 'bench',
      sub: 'alice',
      client_id: 'bench',
      scope: 'files:read',
      jti: randomUUID(),
    }
    return own.jwt({ typ: 'at+jwt' }, { ...claims, iat: now, exp: now + lifeSec, ...more })
  }
  return {
    env: { ISSUER: issuer, JWKS_URI: `${issuer}/jwks` },
    bearer() {
      const headers = { authorization: `Bearer ${token({})}` }
      return () => headers
    },
    dpop() {
      const key = new SigningKey()
      const bound = token({ cnf: { jkt: thumbprint(key.jwk) } })
      const ath = digest(bound)
      return url => ({
        authorization: `DPoP ${bound}`,
        dpop: key.jwt(
          { typ: 'dpop+jwt', jwk: key.jwk },
          { jti: randomUUID(), htm: 'POST', htu: url.href, iat: seconds(), ath },
        ),
      })
    },
    close: () => void server.close().closeAllConnections(),
  }
}

class SigningKey {
  readonly jwk: Readonly<Record<string, unknown>>
  readonly #privateKey: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.jwk = { ...publicKey.export({ format: 'jwk' }) }
    this.#privateKey = privateKey
  }

  jwt(header: object, claims: object): string {
    const text = `${encode({ alg: 'ES256', ...header })}.${encode(claims)}`
    const signature = sign('sha256', Buffer.from(text), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }
}

/** RFC 7638: the members that make the key, in order. */
export const thumbprint = ({ crv, kty, x, y }: Readonly<Record<string, unknown>>): string =>
  digest(JSON.stringify({ crv, kty, x, y }))

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (): number => Math.floor(Date.now() / 1000)
