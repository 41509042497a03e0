import { choice, counts, must, mustNot, notApplicable, type Page, should, shouldNot } from '../model.ts'
import { author } from '../reasons.ts'
import * as t from '../tests.ts'

const envelope = t.asking('every request says its version, its capabilities and who sends it')
const everyResponse = t.stateless('%s %j: the response has its id, the result its type and the name of its server')

export const front: Page = {
  path: '',
  title: 'Front page',
  counted: counts(0, 0, 1, 0),
  rows: [
    should(
      'Implementation Guidelines',
      'consent, access control and privacy are designed in',
      choice('for hosts and servers; each page says what we do'),
    ),
  ],
}

const announced = notApplicable('deprecated features are here for all who still use them')

export const deprecated: Page = {
  path: 'deprecated',
  title: 'Deprecated features',
  counted: counts(0, 0, 1, 1),
  rows: [
    shouldNot('', 'new implementations leave them out', announced),
    should('', 'those that have them move on', announced),
  ],
}

const moved = t.loggingIn(
  'a server that moves to another authorization server is followed, and the old client id stays behind',
)

export const changelog: Page = {
  path: 'changelog',
  title: 'Key changes',
  counted: counts(5, 2, 3, 0),
  rows: [
    should('Major changes', 'both sides say who they are', envelope, everyResponse),
    must('Major changes', 'servers have server/discover', t.offers('%s: a server says who it is and what it can')),
    mustNot(
      'Major changes',
      'no log messages for a request without a level',
      t.calls('a modern request has a log level of its own, and no messages without one'),
    ),
    must(
      'Major changes',
      'a result without a type is complete',
      t.calling('a stateless result without what only a cache needs is taken'),
    ),
    must(
      'Major changes',
      'after a broken stream a request is made anew, under another id',
      t.asking('a call whose stream broke is lost, and is another request when it is made again'),
      choice('it may have taken effect, so the caller decides'),
    ),
    should(
      'Minor changes',
      'tools are listed in the same order each time',
      t.stateless('lists are the same for every connection, in the same order, whatever was asked before'),
    ),
    should('Minor changes', 'authorization servers send iss', notApplicable('for authorization servers'), author),
    must(
      'Minor changes',
      'clients compare iss with the issuer',
      t.authorizationCode('%s: refused', 'iss of somebody else'),
      t.authorizationCode('iss %s: the code is taken'),
    ),
    must(
      'Minor changes',
      'credentials are kept by issuer, and made anew for another',
      t.registering('a registration is kept for its issuer and its redirect address'),
      moved,
    ),
    mustNot(
      'Minor changes',
      'and not used with another',
      moved,
      t.boundCredentials('%s for one authorization server: another that the server names sees nothing'),
    ),
  ],
}
