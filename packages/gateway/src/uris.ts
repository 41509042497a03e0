import { serverSegment } from './names.ts'

/**
 * Resources keep their URIs, since results refer to them. Only a URI that an earlier server offers as well is exposed
 * as `interlock://<server>/<uri>`, which leads back by itself.
 */
const scheme = 'interlock://'

const prefixOf = (server: string): string => `${scheme}${serverSegment(server)}/`

export const exposedUri = (server: string, uri: string): string => prefixOf(server) + uri

/** The server's own URI behind an exposed one; undefined when it is not of this server. */
export function ownUri(server: string, exposed: string): string | undefined {
  const prefix = prefixOf(server)
  return exposed.startsWith(prefix) ? exposed.slice(prefix.length) : undefined
}

/** Whether a server's own URI could be taken for one of another server here: that of a gateway behind the gateway. */
export const isOfGateways = (uri: string): boolean => uri.startsWith(scheme)
