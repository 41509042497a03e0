/** The client that a token names: as RFC 9068 has it, or as OpenID Connect, Entra and Okta write it. */
export const clientIdIn = (claims: Readonly<Record<string, unknown>>): string | undefined =>
  ['client_id', 'azp', 'appid', 'cid']
    .map(name => claims[name])
    .find((value): value is string => typeof value === 'string' && value !== '')
