/** A person with a browser, for tests: keeps cookies, follows redirects, gives the provider what it asks for. */

export interface AgreeOptions {
  /** Who logs in. Default `alice`. */
  readonly account?: string
  /** Says no where the provider asks for consent. */
  readonly refuses?: boolean
}

export interface Person {
  /** Walks an authorization URL through login and consent. @returns the redirect, to an address outside of the provider */
  agree(url: URL | string): Promise<URL>
  /** Enters the code of the device grant and agrees. @param url the answer's `verification_uri_complete` */
  enterCode(url: URL | string): Promise<void>
}

/** Hops from the authorization endpoint to the client: login, consent and what lies between take six. */
const maximumHops = 12

/** @param issuer the provider; a redirect away from its origin ends the walk */
export function person(issuer: URL, { account = 'alice', refuses = false }: AgreeOptions = {}): Person {
  const cookies = new Map<string, string>()

  const visit = async (url: URL, form?: URLSearchParams): Promise<Response> => {
    const response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(pair => pair.join('=')).join('; '),
        'x-account': account,
        ...(refuses ? { 'x-refuses': 'yes' } : {}),
      },
      ...(form === undefined ? {} : { body: form }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  /** @returns where it leads out of the provider, or the page it ends on */
  const walk = async (start: URL, form?: URLSearchParams): Promise<URL | string> => {
    let url = start
    let response = await visit(url, form)
    for (let hop = 0; hop < maximumHops; hop += 1) {
      const location = response.headers.get('location')
      const text = await response.text()
      if (location === null) {
        if (!response.ok) throw new Error(`${url.pathname} answered ${response.status}: ${text}`)
        return text
      }
      url = new URL(location, url)
      if (url.origin !== issuer.origin) return url
      response = await visit(url)
    }
    throw new Error(`more than ${maximumHops} redirects`)
  }

  return {
    async agree(url) {
      const end = await walk(new URL(url))
      if (typeof end === 'string') throw new Error(`the walk ended on a page: ${end}`)
      return end
    },
    async enterCode(url) {
      const page = await walk(new URL(url))
      const secret = /name="xsrf" value="([^"]+)"/.exec(String(page))?.[1]
      const code = new URL(url).searchParams.get('user_code')
      if (secret === undefined || code === null) throw new Error(`no form for a code: ${page}`)
      const action = new URL(url)
      action.search = ''
      await walk(action, new URLSearchParams({ xsrf: secret, user_code: code, confirm: 'yes' }))
    },
  }
}
