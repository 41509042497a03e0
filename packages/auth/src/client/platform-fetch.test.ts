import { expect, test, vi } from 'vitest'
import { clientCredentials } from './grants/client-credentials.ts'
import { oauth } from './oauth.ts'

vi.mock('node:dns/promises', () => ({ lookup: async () => [{ address: '10.0.0.1', family: 4 }] }))

test('without options a name that a server gives is not followed to a private address', async () => {
  const url = new URL('https://mcp.example/mcp')
  const challenge = 'Bearer resource_metadata="https://inside.example/metadata"'
  const send = oauth({ grant: clientCredentials({ clientId: 'a', clientSecret: 'b' }) })(
    async () => ({
      status: 401,
      header: name => (name === 'www-authenticate' ? challenge : undefined),
      body: (async function* () {})(),
      close: () => {},
    }),
    url,
  )
  await expect(send({ url, method: 'POST', headers: {}, body: '{}' })).rejects.toThrow(
    '"inside.example" leads to 10.0.0.1, an address of a private network',
  )
})
