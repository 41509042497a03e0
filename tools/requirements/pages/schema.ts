import { counts, must, mustNot, type Page, should, shouldNot, untested } from '../model.ts'
import { author, model, noIcons } from '../reasons.ts'
import * as t from '../tests.ts'

const envelope = t.asking('every request says its version, its capabilities and who sends it')
const everyResponse = t.stateless('%s %j: the response has its id, the result its type and the name of its server')
const ownKeys = t.stateless('keys of our own in `_meta`, and ids of our extensions, are named by the rules')
const opened = t.changes('a subscription says first what it will tell, and every message says whose it is')
const onlyAsked = t.changes('only what was asked for is told')
const mismatch = t.httpModern('header: %s: 400 and -32020')
const neverAsks = t.stateless(
  'a stateless server asks in results, sends no request, and takes back nothing but subscriptions',
)
const samplingDeclared = t.sample('%s: tools and context are asked of those only who declared them')

/** A sentence counts where it stands first, however many types inherit it. */
export const schema: Page = {
  path: 'schema',
  title: 'Schema reference',
  counted: counts(19, 9, 19, 2),
  rows: [
    should('Icon', 'icons come from a trusted domain', noIcons),
    should('Icon', 'SVG icons are handled with care', noIcons),
    mustNot(
      'MetaObject',
      'nothing is assumed about values at reserved keys',
      t.asking('members of `_meta` that nobody knows change nothing, and are handed over'),
    ),
    must('MetaObject', 'a prefix is labels with dots and a slash', ownKeys),
    must('MetaObject', 'each label has a letter first and no hyphen last', ownKeys),
    should('MetaObject', 'prefixes are reverse domain names', ownKeys),
    must('MetaObject', 'at neither end of a name stands a sign', ownKeys),
    must('NotificationMetaObject', 'notifications of a subscription carry its id', opened),
    must('RequestMetaObject', 'over HTTP the version is that of the header, else 400', mismatch),
    must('RequestMetaObject', 'an unknown version gets the error for it', t.httpModern('version %s: 400')),
    should('RequestMetaObject', 'clients say who they are', envelope),
    shouldNot(
      'RequestMetaObject',
      'behaviour and security do not rest on that',
      t.httpModern('a client need not say its name'),
    ),
    mustNot(
      'RequestMetaObject',
      'capabilities are those of the request alone',
      t.stateless('what one request declares does not hold for the next on its connection'),
    ),
    mustNot(
      'RequestMetaObject',
      'no log messages without a level',
      t.calls('a modern request has a log level of its own, and no messages without one'),
    ),
    must('Result', 'every result says its type', everyResponse),
    must(
      'Result',
      'a result without a type is complete',
      t.calling('a stateless result without what only a cache needs is taken'),
    ),
    should('ResultMetaObject', 'servers say who they are', everyResponse),
    shouldNot(
      'ResultMetaObject',
      'behaviour and security do not rest on that',
      t.calling('a stateless result without what only a cache needs is taken'),
    ),
    should(
      'Error',
      'the message is one short sentence',
      t.parsing(
        'what cannot be taken is answered, with its id when that can be read > %s',
        '{"jsonrpc":"2.0","id":1,"method":2}',
      ),
      t.offers('%s: faulty prompt requests say what is wrong'),
    ),
    must('HeaderMismatchError', 'its status is 400', mismatch),
    must('ResourceLink', 'who shows icons shows PNG and JPEG', noIcons),
    should('ResourceLink', 'and SVG and WebP', noIcons),
    mustNot('CancelledNotification', 'servers cancel nothing but subscriptions', neverAsks),
    should(
      'CancelledNotification',
      'what is cancelled is in flight, though it may have ended meanwhile',
      t.calling('a call that is not wanted any more is cancelled ($era.name, $kind)'),
      t.calls('%s: a cancellation that names nothing in flight is ignored'),
    ),
    should(
      'CancelledNotification',
      'the work stops',
      t.calls('%s: a call that is cancelled hears of it, and nothing is sent after'),
    ),
    must(
      'CancelledNotificationParams',
      'the id is that of an own request',
      t.calling('a call that is not wanted any more is cancelled ($era.name, $kind)'),
    ),
    must('SubscriptionsAcknowledgedNotification', 'it is the first message of its subscription', opened),
    mustNot('SubscriptionsAcknowledgedNotification', 'nothing comes before it', opened),
    must(
      'InputRequiredResult',
      'questions, state or both are there',
      t.rounds('a first round says what it asks and seals what it knows'),
      t.calling('a server that %s is refused', 'asks nothing'),
    ),
    should('ListPromptsResult', '0 is stale at once', t.cache('a result with %s is not kept', 'a time of 0')),
    should(
      'ListPromptsResult',
      'otherwise it is fresh for so many milliseconds',
      t.cache('%s takes a result that is fresh, and asks again when it is stale'),
    ),
    mustNot(
      'ListPromptsResult',
      'caches are not shared between authorizations',
      t.cache('a private result is for the one who got it; a public one is for all'),
    ),
    should(
      'CreateMessageRequestParams',
      'the context of servers is asked for where it is declared only',
      samplingDeclared,
    ),
    must(
      'CreateMessageRequestParams',
      'tools without the capability are refused',
      t.asking('a model is not asked with %s by whoever was not told that it may be'),
    ),
    should('ModelHint', 'a hint is part of a name', model),
    must('ModelPreferences', 'hints count in their order', model),
    should('ModelPreferences', 'hints come before priorities', model),
    must('ToolChoice', 'required: the model uses a tool', model),
    mustNot('ToolChoice', 'none: the model uses no tool', model),
    must(
      'ToolResultContent',
      'a result names the use that it is of',
      t.sample('a use of a tool with %s is never sent', 'a result of nothing'),
    ),
    should(
      'ToolResultContent',
      'it fits the outputSchema of its tool',
      author,
      untested('nobody checks results that a server puts into a sampling request'),
    ),
    should('ToolResultContent', 'clients keep its metadata for the next request', model),
    should('ToolUseContent', 'clients keep its metadata for the next request', model),
    must('DiscoverRequest', 'servers have it', t.offers('%s: a server says who it is and what it can')),
    should('ClientCapabilities', 'without the capability no context of servers is asked for', samplingDeclared),
    must(
      'ClientCapabilities',
      'ids of extensions have a prefix',
      t.stateless('an extension needs a name with a prefix, which %s is not'),
      t.tasks('is offered by servers whose tools have tasks'),
    ),
    mustNot('SubscriptionsListenRequestParams', 'only what was asked for is told', onlyAsked),
    mustNot('SubscriptionFilter', 'only what was asked for is told', onlyAsked),
    should(
      'CallToolResult',
      'errors of tools are results that say so',
      t.toolErrors('%s: what a ToolError says reaches the model'),
      t.toolErrors('%s: what any other error says reaches the log only'),
    ),
  ],
}
