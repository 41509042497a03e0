import { choice, counts, must, mustNot, notApplicable, type Page, should } from '../model.ts'
import { document, noAuthorizationServer } from '../reasons.ts'
import * as t from '../tests.ts'

const sentAndSwapped = t.authorizationCode(
  'a person is sent with PKCE, state, resource and scope, and the code is swapped with the verifier',
)
const namesResource = t.tokenRequests('an answer becomes tokens, and the request names the resource')
const refusedToken = t.tokenRefusals('%s: 401, and nothing about it in logs')
const wrongAudience = t.tokenRefusals('%s: 401, and nothing about it in logs', 'wrong audience')
const noAudience = t.tokenRefusals('%s: 401, and nothing about it in logs', 'no audience')
const opaqueAudience = t.introspection('an authorization server that says: %s', 'no audience')
const nobodySent = (row: string) => t.authorizationCode('%s: nobody is sent anywhere', row)
const refused = (row: string) => t.authorizationCode('%s: refused', row)
const otherRedirect = t.authorizationCode('a redirect to %s would show the code to others: nobody is sent anywhere')
const insecure = t.webFetch('%s is not fetched by default', 'http://as.example')
const unencrypted = nobodySent('a login in clear text')

export const security: Page = {
  path: 'basic/authorization/security-considerations',
  title: 'Authorization security',
  counted: counts(26, 1, 5, 0),
  rows: [
    must('', 'who builds clients and servers considers this page', document),
    must(
      '',
      'implementors follow the security considerations of OAuth 2.1',
      sentAndSwapped,
      refusedToken,
      otherRedirect,
    ),
    must(
      'Token Audience Binding and Validation',
      'clients send `resource` in authorization and token requests',
      sentAndSwapped,
      namesResource,
    ),
    must(
      'Token Audience Binding and Validation',
      'servers check that tokens are for them',
      wrongAudience,
      opaqueAudience,
    ),
    must(
      'Token Theft',
      'clients and servers keep tokens safe',
      t.secretFiles('neither secrets nor their keys are readable in the files, which are for the owner only'),
      t.tokenRequests('refused, and nothing secret is told: %s'),
      refusedToken,
    ),
    should('Token Theft', 'authorization servers give tokens that end soon', noAuthorizationServer),
    must('Token Theft', 'they change refresh tokens of public clients with each use', noAuthorizationServer),
    must(
      'Communication Security',
      'what is secret goes over TLS',
      insecure,
      t.loggingIn('a login is made over https alone, or on loopback'),
      t.protection('options that would not protect are refused: %s', 'an issuer without TLS'),
    ),
    must('Communication Security', 'endpoints of authorization servers are on https', insecure, unencrypted),
    must('Communication Security', 'redirect URIs are on localhost or https', otherRedirect),
    must(
      'Authorization Code Protection',
      'clients use PKCE, and check first that the server does',
      sentAndSwapped,
      nobodySent('no PKCE method'),
    ),
    must('Authorization Code Protection', 'clients use S256', sentAndSwapped, nobodySent('PKCE without S256')),
    must(
      'Authorization Code Protection',
      'clients learn of PKCE from the server’s metadata',
      nobodySent('no PKCE method'),
      choice('a server of 2025-03-26 without any metadata has fixed endpoints, and PKCE by that revision'),
    ),
    must(
      'Authorization Code Protection',
      'without it in OAuth metadata clients stop',
      t.hostileAuthorization('%s', 'metadata without PKCE'),
    ),
    must(
      'Authorization Code Protection',
      'clients look for it in OpenID metadata',
      t.hostileAuthorization('%s', 'OpenID metadata without PKCE'),
    ),
    must(
      'Authorization Code Protection',
      'without it in OpenID metadata clients stop',
      t.hostileAuthorization('%s', 'OpenID metadata without PKCE'),
    ),
    must('Authorization Code Protection', 'OpenID providers have it in their metadata', noAuthorizationServer),
    must(
      'Open Redirection',
      'clients register their redirect URIs',
      t.registering('a registration says what the client is and wants'),
      t.registering('a registration is kept for its issuer and its redirect address'),
    ),
    must('Open Redirection', 'authorization servers compare redirect URIs exactly', noAuthorizationServer),
    should(
      'Open Redirection',
      'clients use `state`, and discard answers without it or with another',
      t.authorizationCode('each login has a state and a verifier of its own'),
      refused('no state'),
      refused('another state'),
    ),
    must('Open Redirection', 'authorization servers redirect to nobody untrusted', noAuthorizationServer),
    should('Open Redirection', 'they redirect by themselves only to whom they trust', noAuthorizationServer),
    must(
      'Client ID Metadata Document Security',
      'authorization servers consider the security of metadata documents',
      noAuthorizationServer,
    ),
    should(
      'Authorization Server Abuse Protection',
      'authorization servers consider where fetching may lead',
      noAuthorizationServer,
    ),
    should('Localhost Redirect URI Risks', 'authorization servers warn of localhost', noAuthorizationServer),
    must('Localhost Redirect URI Risks', 'they show the host of the redirect URI', noAuthorizationServer),
    must(
      'Confused Deputy Problem',
      'proxies with one client id ask users about each client',
      notApplicable('the gateway is no authorization server: no client registers with it, and it sends nobody on'),
    ),
    must(
      'Access Token Privilege Restriction',
      'servers validate tokens before they do anything',
      refusedToken,
      t.scopes('$version: without the scopes 403 that names all of them, and nothing runs'),
    ),
    must('Access Token Privilege Restriction', 'servers validate as OAuth 2.1 says', refusedToken),
    must(
      'Access Token Privilege Restriction',
      'servers take tokens that name them, and reject others',
      wrongAudience,
      noAudience,
      opaqueAudience,
    ),
    mustNot(
      'Access Token Privilege Restriction',
      'servers pass on the token that they got',
      t.scopes('credentials stay with the transport'),
      t.gatewayTokens('$version: what a client shows to the gateway is not shown to servers behind it'),
      t.protection('$version: a token for this server is taken'),
    ),
    must(
      'Access Token Privilege Restriction',
      'clients say with `resource` what tokens are for',
      sentAndSwapped,
      namesResource,
    ),
  ],
}
