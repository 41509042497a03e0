import { choice, counts, must, mustNot, notApplicable, type Page, should, shouldNot } from '../model.ts'
import { author, hostUi } from '../reasons.ts'
import * as t from '../tests.ts'

const envelope = t.asking('every request says its version, its capabilities and who sends it')
const declares = t.stateless('%s: what a server has, it declares, and nothing else')
const hints = t.offers('modern lists and reads say how long they may be kept')
const samePages = t.stateless('all pages of a list say the same of how they may be kept')
const fresh = t.cache('%s takes a result that is fresh, and asks again when it is stale')
const zero = t.cache('a result with %s is not kept', 'a time of 0')
const refetched = t.cache('the cursor of a kept page that is none any more makes the whole list be read again')
const guarded = t.scopes('$version: without the scopes 403 that names all of them, and nothing runs')
const privately = t.cache('a private result is for the one who got it; a public one is for all')

export const caching: Page = {
  path: 'server/utilities/caching',
  title: 'Caching',
  counted: counts(7, 4, 8, 1),
  rows: [
    must('Cacheable Results', 'lists and reads say how long they may be kept', hints),
    mustNot(
      'Cache Key',
      'other methods or params are another result',
      t.cache('other params are another result; trace context is none of them, other metadata is'),
    ),
    mustNot(
      'Cache Key',
      'what answers led to is not kept',
      t.cache('a question is not kept, nor what its answer led to'),
    ),
    should('Time-to-Live (TTL) Field', '0 is stale at once', zero),
    should('Time-to-Live (TTL) Field', 'otherwise it is fresh for so many milliseconds', fresh),
    should(
      'Time-to-Live (TTL) Field',
      'without a time it is stale at once',
      t.cache('a result with %s is not kept', 'no time'),
    ),
    should(
      'Time-to-Live (TTL) Field',
      'a negative time is 0',
      t.asking('a list that may be kept for %j is taken, and not kept'),
    ),
    must(
      'Time-to-Live (TTL) Field',
      'servers give no negative time',
      hints,
      t.stateless('a resource cannot be kept for %s milliseconds'),
    ),
    should('Freshness Calculation', 'what is stale is asked for again when it is wanted', fresh),
    shouldNot('Freshness Calculation', 'and not by itself', fresh),
    must(
      'Freshness Calculation',
      'who polls does so with jitter and backoff',
      notApplicable('nothing here polls lists or resources'),
    ),
    mustNot(
      'Cache Scope Field',
      'caches are not shared between authorizations',
      privately,
      t.gatewayFeatures('how long a result is fresh passes through the gateway, which keeps for all what is for all'),
    ),
    should(
      'Interaction with Pagination',
      'a stale page is asked for by its cursor',
      t.asking('of a list whose pages are fresh for different times, the stale page alone is read again'),
    ),
    should(
      'Interaction with Pagination',
      'who needs the list of one moment reads it from the start',
      t.cache('"reload" asks and keeps the answer, "no-store" asks and keeps nothing'),
      choice('callers say so'),
    ),
    should('Interaction with Pagination', 'at an invalid cursor all pages are forgotten and read again', refetched),
    must('Interaction with Pagination', 'all pages of a list have one scope', samePages),
    must('Interaction with Pagination', 'after a private page all are private', samePages),
    must('Security Considerations', 'public results may reach other callers', privately, author),
    must('Security Considerations', 'access is guarded per primitive', guarded, author),
    mustNot('Security Considerations', 'and not by the scope alone', guarded, author),
  ],
}

const completed = t.offers('%s: arguments are completed')

export const completion: Page = {
  path: 'server/utilities/completion',
  title: 'Completion',
  counted: counts(3, 0, 3, 0),
  rows: [
    must('', 'every request has the required metadata', envelope),
    must('Capabilities', 'servers that complete declare it', declares),
    should('Error Handling', 'faults are errors of JSON-RPC', completed),
    should(
      'Implementation Considerations',
      'suggestions are ranked, fuzzy, limited, and their input checked',
      completed,
      author,
    ),
    should('Implementation Considerations', 'clients wait for a pause, keep results, take partial ones', hostUi),
    must(
      'Security',
      'input is checked, the rate limited, and nothing sensitive suggested',
      completed,
      t.offers('at most a hundred values are suggested'),
      t.calls('%s: above the limit requests are refused, and those in flight go on'),
      t.rateLimit('%s: completions are limited too, by themselves'),
      author,
    ),
  ],
}

const perRequest = t.calls('a modern request has a log level of its own, and no messages without one')
const ownStream = t.statelessHttp(
  'a stream is not to be kept back by proxies, ends with its response, and holds the log that its request asked for',
)
const spared = t.hostileHttp('a client that does not read is spared progress, and gets its answer when it does')

export const logging: Page = {
  path: 'server/utilities/logging',
  title: 'Logging',
  counted: counts(1, 3, 4, 1),
  rows: [
    shouldNot('', 'new implementations leave it out', notApplicable('deprecated, and here for all who still use it')),
    should('', 'those that have it move on', notApplicable('deprecated, and here for all who still use it')),
    must('Capabilities', 'servers that log declare it', declares),
    mustNot(
      'Per-request log level',
      'no messages for a request without a level',
      perRequest,
      t.calling('stateless servers log only what a call asks for'),
    ),
    mustNot('Per-request log level', 'messages go on the stream of their request alone', ownStream),
    should('Error Handling', 'an unknown level is refused', perRequest),
    should(
      'Implementation Considerations',
      'messages are limited, have context, steady names, no secrets',
      spared,
      author,
    ),
    mustNot('Security', 'messages hold no secrets, personal or internal data', author),
    should('Security', 'messages are limited, checked and watched', spared, author),
  ],
}

const allPages = t.calling('lists are read to their last page ($name)')

export const pagination: Page = {
  path: 'server/utilities/pagination',
  title: 'Pagination',
  counted: counts(2, 2, 3, 0),
  rows: [
    must('', 'every request has the required metadata', envelope),
    mustNot(
      'Pagination Model',
      'clients assume no size of a page',
      allPages,
      t.calling('a list without end is cut, on one page or many ($name)'),
    ),
    should(
      'Implementation Guidelines',
      'cursors are stable, and wrong ones handled',
      t.offers('%s: a cursor is good for the list that gave it out, in every process'),
      t.offers('%s: a cursor that was not given out is refused'),
    ),
    should(
      'Implementation Guidelines',
      'no cursor is the end; one page is fine too',
      allPages,
      t.calling('a list that the server does not offer is empty, and not asked for ($name)'),
    ),
    must(
      'Implementation Guidelines',
      'clients do not look into cursors',
      allPages,
      t.calling('a cursor that comes again ends the list with a warning ($name)'),
    ),
    mustNot('Implementation Guidelines', 'an empty cursor is one', allPages),
    should('Error Handling', 'a wrong cursor is −32602', t.offers('%s: a cursor that was not given out is refused')),
  ],
}
