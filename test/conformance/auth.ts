import {
  clientCredentials,
  enterpriseManaged,
  jwtBearer,
  type OAuthOptions,
  oauth,
  type Presence,
} from '@interlock/auth'
import type { Authorize } from '@interlock/transport'

/** How the client logs in for the scenarios of the official conformance tool that are about authorization. */
export const authFor = (scenario: string, context: string | undefined): Authorize =>
  oauth({
    presence: agreeing(),
    clientName: 'interlock-conformance',
    policy: { allowLoopback: true },
    onStep: (step, what) => console.error(`${step}: ${what}`),
    ...own[scenario]?.(JSON.parse(context ?? '{}') as Context),
  })

/** What the tool says in the environment, by scenario. */
type Context = Readonly<Record<string, string>>

const own: Readonly<Record<string, (context: Context) => OAuthOptions>> = {
  'auth/basic-cimd': () => ({ clientMetadataUrl: 'https://conformance-test.local/client-metadata.json' }),
  'auth/pre-registration': context => ({
    clients: [
      {
        issuer: text(context, 'issuer'),
        clientId: text(context, 'client_id'),
        clientSecret: text(context, 'client_secret'),
        authMethod: 'client_secret_basic',
      },
    ],
  }),
  'auth/dpop': () => ({ dpop: true }),
  'auth/dpop-nonce': () => ({ dpop: true }),
  'auth/client-credentials-basic': context => ({
    grant: clientCredentials({ clientId: text(context, 'client_id'), clientSecret: text(context, 'client_secret') }),
  }),
  'auth/client-credentials-jwt': context => ({
    grant: clientCredentials({
      clientId: text(context, 'client_id'),
      privateKey: { pem: text(context, 'private_key_pem'), algorithm: text(context, 'signing_algorithm') },
    }),
  }),
  'auth/wif-jwt-bearer': context => ({
    grant: jwtBearer({ clientId: text(context, 'client_id'), assertion: async () => text(context, 'valid_jwt') }),
  }),
  'auth/enterprise-managed-authorization': context => ({
    grant: enterpriseManaged({
      clientId: text(context, 'client_id'),
      clientSecret: text(context, 'client_secret'),
      identity: async () => text(context, 'idp_id_token'),
      identityProvider: {
        issuer: text(context, 'idp_issuer'),
        tokenEndpoint: text(context, 'idp_token_endpoint'),
        clientId: text(context, 'idp_client_id'),
      },
    }),
  }),
}

function text(context: Context, name: string): string {
  const value = context[name]
  if (value === undefined) throw new Error(`the tool's context lacks "${name}"`)
  return value
}

/** Nothing listens there: the redirect is read where the authorization endpoint gives it. */
const redirectUri = 'http://127.0.0.1:53682/callback'

/** A person who agrees to everything. The tool's authorization endpoint asks nothing and redirects at once. */
function agreeing(): Presence {
  let take = (_answer: URL): void => {}
  return {
    async redirect() {
      const answered = new Promise<URL>(resolve => {
        take = resolve
      })
      return { redirectUri, answer: () => answered, close: async () => {} }
    },
    async visit(url) {
      const response = await fetch(url, { redirect: 'manual' })
      await response.body?.cancel()
      take(new URL(response.headers.get('location') ?? '', url))
    },
  }
}
