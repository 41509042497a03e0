import type { Fetch } from './contract.ts'
import type { UrlPolicy } from './url-policy.ts'
import { webFetch } from './web-fetch.ts'

/**
 * Fetches what servers name, as strictly as the platform can, loaded on first use: on Node every address that a name leads
 * to is checked; a browser resolves names itself, so there it is the text of URLs alone.
 */
export function platformFetch(policy: UrlPolicy): Fetch {
  let loaded: Promise<Fetch> | undefined
  return async (url, init) => {
    loaded ??= load(policy)
    return (await loaded)(url, init)
  }
}

async function load(policy: UrlPolicy): Promise<Fetch> {
  const isNode = typeof process === 'object' && process.versions?.node !== undefined
  return isNode ? (await import('../node/guarded-fetch.ts')).guardedFetch(policy) : webFetch(policy)
}
