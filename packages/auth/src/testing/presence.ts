import type { Presence } from '../client/contract.ts'

/** A person who needs no browser. */
export interface TestPresence extends Presence {
  /** Authorization URLs that the person was sent to. */
  readonly visits: URL[]
}

/** Nothing listens there: the answer is handed over in the process. */
const redirectUri = 'http://127.0.0.1:53682/callback'

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
