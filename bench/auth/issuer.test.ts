import { expect, test } from 'vitest'
import { startIssuer, thumbprint } from './issuer.ts'

const parts = (jwt = ''): Record<string, unknown>[] =>
  jwt
    .split('.')
    .slice(0, 2)
    .map(part => JSON.parse(Buffer.from(part, 'base64url').toString()))

test('a thumbprint is that of the example in RFC 9449', () => {
  const jwk = {
    kty: 'EC',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    crv: 'P-256',
  }
  expect(thumbprint(jwk)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
})

test('each call has the same token and a proof of its own, by the key that the token names', async () => {
  const issuer = await startIssuer()
  try {
    const credentials = issuer.dpop()
    const url = new URL('http://127.0.0.1:1/mcp')
    const [one, other] = [credentials(url), credentials(url)]
    expect(one['authorization']).toBe(other['authorization'])
    const [[header, claims], [, others]] = [parts(one['dpop']), parts(other['dpop'])]
    expect(claims?.['jti']).not.toBe(others?.['jti'])
    expect(claims).toMatchObject({ htm: 'POST', htu: 'http://127.0.0.1:1/mcp' })
    const jkt = thumbprint(header?.['jwk'] as Record<string, unknown>)
    expect(parts(one['authorization']?.slice('DPoP '.length))[1]).toMatchObject({ cnf: { jkt } })
  } finally {
    issuer.close()
  }
})
