import { AuthorizationError, type CredentialStore, type GrantCredentials } from './contract.ts'
import { told } from './flow.ts'
import { boundIssuer } from './records.ts'

/**
 * Sees to it that credentials are shown to the authorization server that they are for and to no other, whichever one a
 * server names. Those that do not say whose they are stay with the first one that they are used with for the server
 * (specification: Client Registration, Authorization Server Binding).
 * @throws AuthorizationError
 */
export async function keepToIssuer(
  store: CredentialStore,
  server: URL,
  issuer: string,
  { clientId, issuer: own }: GrantCredentials,
): Promise<void> {
  const bound = own ?? (await boundIssuer(store, server, clientId ?? 'assertion', issuer))
  if (bound === issuer) return
  const what = clientId === undefined ? 'the assertion' : `client id "${clientId}"`
  const link = own === undefined ? 'was used with' : 'is for'
  throw new AuthorizationError(
    'registration',
    `${told(server)} names authorization server ${issuer}, and ${what} ${link} ${bound}; it is not shown to other servers: if the new one is right, give what is known there, with its issuer`,
  )
}
