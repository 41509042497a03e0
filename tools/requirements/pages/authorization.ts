import { counts, must, mustNot, notApplicable, type Page, should, shouldNot } from '../model.ts'
import { author, noAuthorizationServer } from '../reasons.ts'
import * as t from '../tests.ts'

const wholeLogin = t.logins('$version: a person logs in to a protected server, and again for what needs more')
const discovered = t.loggingIn('a server that asks for a login gets one, and is not asked again')
const published = t.protection('the metadata is there for everybody, from any origin, at both places')
const unauthorized = t.protection('without a token: 401 that says where to get one and which scopes to ask for')
const tooLittle = t.protection('a token with too little: 403 that names all that is needed')
const toolNeedsMore = t.protection('a tool that needs more: 403 that names what every request needs as well')
const namesAll = t.scopes('$version: without the scopes 403 that names all of them, and nothing runs')
const refusedToken = t.tokenRefusals('%s: 401, and nothing about it in logs')
const wrongAudience = t.tokenRefusals('%s: 401, and nothing about it in logs', 'wrong audience')
const opaqueAudience = t.introspection('an authorization server that says: %s', 'no audience')
const refused = (row: string) => t.authorizationCode('%s: refused', row)
const scope = (row: string) => t.chosenScopes('%s', row)
const sentAndSwapped = t.authorizationCode(
  'a person is sent with PKCE, state, resource and scope, and the code is swapped with the verifier',
)
const namesResource = t.tokenRequests('an answer becomes tokens, and the request names the resource')
const gotMore = t.loggingIn('an operation that needs more gets it, besides what the login had')
const everyRequest = t.everyRequest('$version: every request has the token in its header and none in its URL')
const request = (row: string) => t.tokenRefusals('$name: $expected', row)

export const authorization: Page = {
  path: 'basic/authorization',
  title: 'Authorization',
  counted: counts(29, 7, 20, 2),
  rows: [
    should('Protocol Requirements', 'implementations over HTTP conform to this page', wholeLogin),
    shouldNot(
      'Protocol Requirements',
      'implementations over stdio follow it: credentials come from the environment',
      t.scopes('on stdio: whoever starts the server may do all, or what it was given'),
    ),
    must(
      'Protocol Requirements',
      'other transports follow the best practices of their protocol',
      notApplicable('the only other transport never leaves its process'),
    ),
    must('Overview', 'authorization servers implement OAuth 2.1', noAuthorizationServer),
    should(
      'Overview',
      'clients support metadata documents as client ids',
      t.loggingIn('a metadata document is the client id where the server supports it'),
    ),
    must('Overview', 'servers publish protected resource metadata', published),
    must('Overview', 'clients find authorization servers by protected resource metadata', discovered),
    must('Overview', 'authorization servers publish metadata', noAuthorizationServer),
    must(
      'Overview',
      'clients understand OAuth metadata and that of OpenID',
      t.serverMetadata('the metadata of %s is looked for in order'),
      t.serverMetadata('the first document with the right issuer counts'),
    ),
    must('Authorization Server Discovery', 'the page on discovery is followed', published, discovered),
    must(
      'Client Registration',
      'clients get an id in one of three ways, before they log in',
      t.registering('%s', 'pre-registered comes first'),
      t.registering('%s', 'then the metadata document'),
      t.registering('%s', 'then dynamic registration'),
    ),
    should('Scope Selection Strategy', 'servers name the needed scopes in the challenge', unauthorized),
    mustNot(
      'Scope Selection Strategy',
      'clients relate the scopes of a challenge to those that are offered',
      scope('the offer does not limit the challenge'),
    ),
    must(
      'Scope Selection Strategy',
      'what the challenge names is what the operation needs',
      scope('the challenge comes first'),
      gotMore,
    ),
    should(
      'Scope Selection Strategy',
      'clients ask again for what they had, besides',
      scope('what was asked for before is asked for again'),
      gotMore,
    ),
    should('Scope Selection Strategy', 'servers put sets of scopes together consistently', toolNeedsMore, author),
    should('Scope Selection Strategy', 'clients ask for what they need only', scope('the challenge comes first')),
    should(
      'Scope Selection Strategy',
      'clients take scopes from the challenge, else the metadata, else none',
      scope('the challenge comes first'),
      scope('then what the resource offers'),
      scope('then nothing is asked for'),
    ),
    must(
      'Authorization Response Validation',
      'clients keep the validated issuer with the state and verifier',
      t.serverMetadata('%s is refused', 'another issuer'),
      refused('iss of somebody else'),
      t.authorizationCode('each login has a state and a verifier of its own'),
    ),
    should(
      'Authorization Response Validation',
      'authorization servers say in answers who they are',
      noAuthorizationServer,
    ),
    must('Authorization Response Validation', 'authorization servers announce that', noAuthorizationServer),
    must(
      'Authorization Response Validation',
      'clients check who answers before they send the code anywhere',
      t.authorizationCode('iss %s: the code is taken'),
      refused('iss announced and absent'),
      refused('iss of somebody else'),
      refused('iss not announced and wrong'),
      t.authorizationCode('a refused answer leads to no token request, and the listener is closed'),
    ),
    mustNot(
      'Authorization Response Validation',
      'clients normalize what they compare',
      refused('iss with a slash'),
      refused('iss in capitals'),
      refused('iss with a port'),
    ),
    mustNot(
      'Authorization Response Validation',
      'clients show or act on an error of somebody else',
      t.authorizationCode('an error of somebody else is not even shown'),
    ),
    must('Resource Parameter Implementation', 'clients say what tokens are for', sentAndSwapped),
    must(
      'Resource Parameter Implementation',
      '`resource` is in authorization and token requests',
      sentAndSwapped,
      namesResource,
    ),
    must(
      'Resource Parameter Implementation',
      'it names the server that the token is for',
      t.resourceMetadata('%s is refused', 'a foreign resource'),
      wholeLogin,
    ),
    must(
      'Resource Parameter Implementation',
      'it is the canonical URI of the server',
      t.resourceMetadata('%s without metadata is %s', 'https://mcp.example/mcp#x'),
      wholeLogin,
    ),
    should(
      'Canonical Server URI',
      'clients give the most specific URI that they can',
      t.resourceMetadata('%s without metadata is %s', 'https://mcp.example/mcp?a=1'),
    ),
    should(
      'Canonical Server URI',
      'scheme and host may come in capitals',
      t.resourceMetadata('%s is for https://mcp.example/v1/mcp: %s', 'https://MCP.example:443/v1/mcp'),
      t.tokenRefusals('the server’s URL in capitals is the same server, with a slash at the root or without'),
    ),
    should(
      'Canonical Server URI',
      'a URI at the root has no slash',
      t.resourceMetadata('%s without metadata is %s', 'https://mcp.example/'),
      t.protection('a server at the root of its origin is named without a slash'),
    ),
    must('Canonical Server URI', '`resource` is sent whether the server knows it or not', sentAndSwapped),
    must('Token Requirements', 'tokens are handled as OAuth 2.1 says', everyRequest, refusedToken),
    must('Token Requirements', 'clients send tokens in the Authorization header', everyRequest),
    must('Token Requirements', 'clients send them with every request', everyRequest),
    mustNot('Token Requirements', 'tokens stand in URLs', everyRequest, request('a token in the URL')),
    must(
      'Token Handling',
      'servers validate tokens',
      refusedToken,
      t.protection('several issuers, each for its own tokens'),
    ),
    must('Token Handling', 'servers check that tokens are for them', wrongAudience, opaqueAudience),
    must('Token Handling', 'what fails is answered as OAuth 2.1 says', refusedToken, tooLittle, request('two tokens')),
    must('Token Handling', 'invalid and expired tokens get 401', refusedToken),
    mustNot(
      'Token Handling',
      'clients send tokens of others than the server’s authorization server',
      t.loggingIn('tokens go to the origin of their server and nowhere else'),
      t.loggingIn(
        'a server that moves to another authorization server is followed, and the old client id stays behind',
      ),
    ),
    must('Token Handling', 'servers take tokens for their own resources only', wrongAudience, opaqueAudience),
    mustNot(
      'Token Handling',
      'servers take or pass on other tokens',
      wrongAudience,
      t.scopes('credentials stay with the transport'),
      t.gatewayTokens('$version: what a client shows to the gateway is not shown to servers behind it'),
    ),
    must(
      'Refresh Tokens',
      'clients keep refresh tokens confidential, on their way and in storage',
      t.secretFiles('neither secrets nor their keys are readable in the files, which are for the owner only'),
      t.webFetch('%s is not fetched by default', 'http://as.example'),
      t.tokenRequests('refused, and nothing secret is told: %s'),
    ),
    should(
      'Refresh Tokens',
      'clients register for `refresh_token`',
      t.registering('a registration says what the client is and wants'),
    ),
    mustNot(
      'Refresh Tokens',
      'clients count on refresh tokens',
      t.refreshing('a login without a refresh token is as good, and made anew when its token is over'),
    ),
    shouldNot(
      'Refresh Tokens',
      'servers name `offline_access`',
      t.protection('nobody is told to ask for a refresh token'),
    ),
    must(
      'Error Handling',
      'servers answer with the right status',
      request('nothing'),
      tooLittle,
      request('a token in the URL'),
    ),
    should('Runtime Insufficient Scope Errors', 'too few scopes get 403 and a challenge', toolNeedsMore, namesAll),
    should(
      'Runtime Insufficient Scope Errors',
      'the challenge names what the operation needs',
      toolNeedsMore,
      namesAll,
    ),
    should('Runtime Insufficient Scope Errors', 'it names all of it at once', namesAll, toolNeedsMore),
    should('Runtime Insufficient Scope Errors', 'servers do this consistently', namesAll, author),
    should('Runtime Insufficient Scope Errors', 'servers think of the user when choosing scopes', author),
    should('Step-Up Authorization Flow', 'clients answer by getting more scopes', gotMore, wholeLogin),
    should('Step-Up Authorization Flow', 'clients of a user try that', gotMore, wholeLogin),
    should(
      'Step-Up Authorization Flow',
      'clients limit tries, by resource and operation',
      t.loggingIn('an operation that %s costs few logins, however often it is tried'),
    ),
    must(
      'Step-Up Authorization Flow',
      'servers know which scopes include which',
      t.protection('a wider scope includes narrower ones'),
    ),
    must(
      'Security Considerations',
      'the page on security is followed',
      sentAndSwapped,
      wrongAudience,
      refused('iss of somebody else'),
    ),
  ],
}
