import { expect, test } from 'vitest'
import { asking } from '../testing/ask.ts'
import { secretClient } from '../testing/flows.ts'
import { startProtected } from '../testing/protected-site.ts'
import { startProvider } from '../testing/provider.ts'
import type { Grant } from './contract.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { enterpriseManaged } from './grants/enterprise-managed.ts'
import { jwtBearer } from './grants/jwt-bearer.ts'
import { memoryStore } from './memory-store.ts'
import { oauth } from './oauth.ts'

const { client_id: clientId, client_secret: clientSecret } = secretClient
const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl'

const grants: readonly (readonly [name: string, make: (issuer: string) => Grant])[] = [
  ['client credentials', issuer => clientCredentials({ clientId, clientSecret, issuer })],
  ['an assertion', issuer => jwtBearer({ issuer, assertion: async () => jwt })],
  ['an assertion with a client', issuer => jwtBearer({ clientId, clientSecret, issuer, assertion: async () => jwt })],
  [
    'an identity',
    issuer =>
      enterpriseManaged({
        clientId,
        clientSecret,
        issuer,
        identity: async () => jwt,
        identityProvider: { clientId, clientSecret, issuer: 'https://idp.example' },
      }),
  ],
]

test.each(grants)('%s for one authorization server: another that the server names sees nothing', async (name, make) => {
  await using honest = await startProvider()
  await using other = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(other.issuer)
  await expect(asking(oauth({ grant: make(honest.issuer) }), site.url)()).rejects.toThrow(
    `names authorization server ${other.issuer}, and ${name === 'an assertion' ? 'the assertion' : `client id "${clientId}"`} is for ${honest.issuer}`,
  )
  expect(other.requests).not.toContain('POST /token')
})

test('of the authorization servers that a server names, the one that credentials are for is asked', async () => {
  await using honest = await startProvider({ clients: [secretClient] })
  await using other = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(other.issuer, honest.issuer)
  const grant = clientCredentials({ clientId, clientSecret, issuer: honest.issuer })
  expect(await asking(oauth({ grant }), site.url)()).toMatchObject({ status: 200 })
  expect(other.requests).toEqual([])
})

test('a secret without issuer stays with the first one, though the server moves', async () => {
  await using first = await startProvider({ clients: [secretClient] })
  await using second = await startProvider({ clients: [secretClient] })
  await using site = await startProtected(first.issuer)
  const options = { store: memoryStore(), grant: clientCredentials({ clientId, clientSecret }) }
  expect(await asking(oauth(options), site.url)()).toMatchObject({ status: 200 })
  site.issuers = [second.issuer]
  await expect(asking(oauth(options), site.url)()).rejects.toThrow(
    `client id "${clientId}" was used with ${first.issuer}; it is not shown to other servers`,
  )
  expect(second.requests).not.toContain('POST /token')
})
