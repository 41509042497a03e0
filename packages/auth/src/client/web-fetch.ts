import type { Fetch } from './contract.ts'
import { checkRedirect, checkUrl, type UrlPolicy } from './url-policy.ts'

/** Redirects that a request for a document follows: to another host name, or to a path with a slash. */
const redirects = 3

/**
 * The platform's `fetch`, for URLs that the policy allows by their text; redirects are checked likewise, and followed
 * only for GET. Where names are resolved by this process, a `guardedFetch` that checks addresses as well is safer.
 */
export function webFetch(policy: UrlPolicy = {}): Fetch {
  return async (url, init = {}) => {
    const isFollowing = (init.method ?? 'GET') === 'GET' && init.redirect !== 'manual'
    let target = checkUrl(url, policy)
    for (let followed = 0; ; followed += 1) {
      const response = await fetch(target, { ...init, redirect: 'manual' })
      const location = response.headers.get('location')
      if (!isFollowing || followed === redirects || response.status < 300 || response.status > 399) return response
      if (location === null) return response
      await response.body?.cancel()
      target = checkRedirect(target, location, policy)
    }
  }
}
