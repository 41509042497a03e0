import type { Presence } from '../client/contract.ts'

/** A person who needs no browser. */
export interface TestPresence extends Presence {
  /** Authorization URLs that the person was sent to. */
  readonly visits: URL[]
}

/** Nothing listens there: the answer is handed over in the process. */
const redirectUri = 'http://127.0.0.1:53682/callback'

/** What a client that logs in so says of itself, at an address that is its id (Client ID Metadata Documents). */
export const metadataDocument = (clientId: string): Readonly<Record<string, unknown>> => ({
  client_id: clientId,
  client_name: 'Test',
  application_type: 'native',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
})

/** @param agree walks an authorization URL to its end and gives the redirect, such as `TestProvider.agree` */
export function presence(agree: (url: URL) => Promise<URL>): TestPresence {
  let answer = (_answer: Promise<URL>): void => {}
  const visits: URL[] = []
  return {
    visits,
    async redirect() {
      const answered = new Promise<URL>(resolve => {
        answer = resolve
      })
      return {
        redirectUri,
        answer: signal =>
          Promise.race([
            answered,
            new Promise<never>((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason), { once: true })
            }),
          ]),
        close: async () => {},
      }
    },
    async visit(url) {
      visits.push(url)
      answer(agree(url))
    },
  }
}
