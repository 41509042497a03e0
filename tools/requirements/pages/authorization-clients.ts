import { choice, counts, must, mustNot, type Page, should } from '../model.ts'
import { noAuthorizationServer } from '../reasons.ts'
import * as t from '../tests.ts'

const published = t.protection('the metadata is there for everybody, from any origin, at both places')
const found = (row: string) => t.resourceMetadata('is found at %s', row)
const order = (row: string) => t.serverMetadata('the metadata of %s is looked for in order', row)
const wrongIssuer = t.serverMetadata('%s is refused', 'another issuer')
const moved = t.loggingIn(
  'a server that moves to another authorization server is followed, and the old client id stays behind',
)
const keptByIssuer = t.registering('a registration is kept for its issuer and its redirect address')
const boundSecret = t.boundCredentials('a secret without issuer stays with the first one, though the server moves')
const unseen = t.boundCredentials('%s for one authorization server: another that the server names sees nothing')
const notShown = t.registering('a pre-registered id is not shown to another issuer, and nothing else is tried')

export const serverDiscovery: Page = {
  path: 'basic/authorization/authorization-server-discovery',
  title: 'Authorization server discovery',
  counted: counts(11, 2, 0, 0),
  rows: [
    must('Authorization Server Location', 'servers publish protected resource metadata', published),
    must('Authorization Server Location', 'it names one or more authorization servers', published),
    must(
      'Authorization Server Location',
      'clients keep credentials and tokens of each authorization server apart',
      keptByIssuer,
      moved,
    ),
    mustNot('Authorization Server Location', 'clients take those of one for good at another', moved, boundSecret),
    must(
      'Protected Resource Metadata Discovery Requirements',
      'servers name the place of the metadata, or use a well-known one',
      t.protection('without a token: 401 that says where to get one and which scopes to ask for'),
      published,
    ),
    must(
      'Protected Resource Metadata Discovery Requirements',
      'clients go where the challenge says, else to the well-known places in order',
      found('the place that the challenge names'),
      found('the well-known place with the path'),
      found('the one at the root'),
    ),
    must(
      'Protected Resource Metadata Discovery Requirements',
      'clients read the challenge and act on 401',
      t.challenges('%s demands %j'),
      t.loggingIn('a server that asks for a login gets one, and is not asked again'),
    ),
    must(
      'Authorization Server Metadata Discovery',
      'clients try several well-known places',
      t.serverMetadata('the first document with the right issuer counts'),
    ),
    must(
      'Authorization Server Metadata Discovery',
      'for an issuer with a path: three of them, in order',
      order('https://as.example/tenant1'),
    ),
    must('Authorization Server Metadata Discovery', 'for one without: two of them', order('https://as.example')),
    must(
      'Authorization Server Metadata Discovery',
      'the issuer in the metadata is the one that was asked, exactly',
      wrongIssuer,
      t.serverMetadata('%s is refused', 'the issuer with a slash'),
    ),
    mustNot('Authorization Server Metadata Discovery', 'other metadata is used', wrongIssuer),
    must(
      'Authorization Server Metadata Discovery',
      'metadata that names an honest issuer elsewhere is rejected',
      wrongIssuer,
      t.hostileAuthorization('%s', 'metadata of another issuer'),
    ),
  ],
}

const documentUse = t.loggingIn('a metadata document is the client id where the server supports it')
const hosted = choice('whoever gives a client the URL of its metadata document hosts that document')
const registered = t.registering('a registration says what the client is and wants')
const refusal = t.registering('%s is told, without any secret', 'a refusal')
const ofType = (redirect: string) => t.registering('a client with the redirect %s is %s', redirect)

export const registration: Page = {
  path: 'basic/authorization/client-registration',
  title: 'Client registration',
  counted: counts(12, 1, 11, 0),
  rows: [
    should(
      '',
      'pre-registered, by metadata document, by dynamic registration, else ask: in this order',
      t.registering('%s', 'pre-registered comes first'),
      t.registering('%s', 'then the metadata document'),
      t.registering('%s', 'then dynamic registration'),
      t.registering('a server that registers nobody is told with what to do'),
    ),
    should('Client ID Metadata Documents', 'clients support metadata documents as ids', documentUse),
    must(
      'Implementation Requirements',
      'who supports them follows their draft',
      documentUse,
      t.registering('%s can be no metadata document'),
    ),
    must('Implementation Requirements', 'clients host their document at an https URL', hosted),
    must(
      'Implementation Requirements',
      'the URL is of https, with a path',
      t.registering('%s can be no metadata document', 'http://client.example/m'),
      t.registering('%s can be no metadata document', 'https://client.example'),
    ),
    must('Implementation Requirements', 'the document has `client_id`, `client_name` and `redirect_uris`', hosted),
    must('Implementation Requirements', 'its `client_id` is its URL, exactly', hosted),
    should('Implementation Requirements', 'authorization servers fetch the document', noAuthorizationServer),
    must('Implementation Requirements', 'they check that its `client_id` is its URL', noAuthorizationServer),
    should('Implementation Requirements', 'they cache it as HTTP says', noAuthorizationServer),
    must('Implementation Requirements', 'they check redirect URIs against it', noAuthorizationServer),
    must('Implementation Requirements', 'they check its structure', noAuthorizationServer),
    should('Implementation Requirements', 'they follow the security considerations', noAuthorizationServer),
    should(
      'Advertising CIMD Support',
      'clients check that documents are supported',
      t.registering('%s', 'but only where it is supported'),
    ),
    should(
      'Pre-registration',
      'clients may be given credentials',
      t.registering('%s', 'pre-registered comes first'),
      t.registering('%s', 'of several, the one for this issuer'),
    ),
    must('Application Type and Redirect URI Constraints', 'clients say their `application_type`', registered),
    should(
      'Application Type and Redirect URI Constraints',
      'apps on a person’s machine are `native`',
      ofType('http://localhost:1/cb'),
      ofType('http://127.0.0.1:1/cb'),
    ),
    should(
      'Application Type and Redirect URI Constraints',
      'apps on a remote host are `web`',
      ofType('https://app.example/cb'),
    ),
    must('Application Type and Redirect URI Constraints', 'clients handle refusals because of redirect URIs', refusal),
    should('Application Type and Redirect URI Constraints', 'clients say why they were refused', refusal),
    must(
      'Authorization Server Binding',
      'clients keep credentials by the issuer that gave them',
      keptByIssuer,
      notShown,
      t.registering('an id without issuer stays with the first one'),
      unseen,
    ),
    mustNot('Authorization Server Binding', 'clients use them at another one', moved, unseen, boundSecret),
    must('Authorization Server Binding', 'clients register anew with that one', moved),
    should('Authorization Server Binding', 'credentials of another one are told, not tried', notShown, unseen),
  ],
}
