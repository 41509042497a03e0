import { importPKCS8 } from 'jose'
import type { ClientAuth } from 'oauth4webapi'
import { ClientSecretPost, modifyAssertion, None, PrivateKeyJwt } from 'oauth4webapi'
import type { ClientRegistration, Step } from '../contract.ts'
import { AuthorizationError } from '../contract.ts'

/**
 * How `client` proves who it is to an authorization server. Without a client nothing is sent: some servers know the
 * client by the assertion alone.
 * @throws AuthorizationError when the registration lacks what its method needs
 */
export async function clientAuthentication(client: ClientRegistration | undefined, step: Step): Promise<ClientAuth> {
  if (client === undefined) return () => undefined
  switch (client.authMethod) {
    case 'none':
      return None()
    case 'client_secret_basic':
      return basic(secret(client, step))
    case 'client_secret_post':
      return ClientSecretPost(secret(client, step))
    case 'private_key_jwt':
      return privateKeyJwt(client, step)
  }
}

function secret(client: ClientRegistration, step: Step): string {
  if (client.clientSecret) return client.clientSecret
  const message = `client "${client.clientId}" is to use ${client.authMethod} but has no secret; give it one, or another method`
  throw new AuthorizationError(step, message)
}

/**
 * RFC 6749 section 2.3.1. The library's own variant escapes "-", "." and "_" too, which servers that compare without
 * decoding refuse; the platform's form encoding leaves them alone.
 */
function basic(clientSecret: string): ClientAuth {
  return (_server, client, _body, headers) => {
    headers.set('authorization', `Basic ${btoa(`${formEncoded(client.client_id)}:${formEncoded(clientSecret)}`)}`)
  }
}

function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}

/** RFC 7523 section 2.2, with the issuer as the only audience. */
async function privateKeyJwt(client: ClientRegistration, step: Step): Promise<ClientAuth> {
  const { privateKey } = client
  if (privateKey === undefined) {
    throw new AuthorizationError(step, `client "${client.clientId}" is to use private_key_jwt but has no private key`)
  }
  const { pem, algorithm, keyId } = privateKey
  // The reason is not kept: it may quote the key.
  const key = await importPKCS8(pem, algorithm).catch(() => {
    const message = `the private key of client "${client.clientId}" can't be used for ${algorithm}; expected a PKCS #8 PEM ("-----BEGIN PRIVATE KEY-----") of that algorithm`
    throw new AuthorizationError(step, message)
  })
  return PrivateKeyJwt(keyId === undefined ? { key } : { key, kid: keyId }, {
    // "EdDSA" and "Ed25519" name the same key: the registered one is used.
    [modifyAssertion]: header => {
      header['alg'] = algorithm
    },
  })
}
