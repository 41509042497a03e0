import { choice, counts, must, mustNot, notApplicable, type Page, should, shouldNot } from '../model.ts'
import { author, noIcons } from '../reasons.ts'
import * as t from '../tests.ts'

const everyResponse = t.stateless('%s %j: the response has its id, the result its type and the name of its server')
const ids = t.asking('requests at once have ids and progress tokens of their own, which are texts or integers')
const ownCodes = t.stateless('our own errors have codes of JSON-RPC and those that the revision defines')
const envelope = t.asking('every request says its version, its capabilities and who sends it')
const unreadable = (row: string) =>
  t.parsing('what cannot be taken is answered, with its id when that can be read > %s', row)
const frame = (row: string) => t.hostileStdio('%s', row)
const dialect = t.schemaCheck('%s is told apart from a fault of the value', 'another dialect')
const faults = t.schemaCheck('a fault is named with its place > %j refuses %j')
const neverFetched = t.outputSchemas(
  'a reference to the network is never fetched, and does not pass for a schema that allows everything',
)
const badEnvelope = t.httpModern('%s: 400 and -32602')
const cannotAsk = t.elicit('%s: nothing is asked of a client that cannot ask')
const ownKeys = t.stateless('keys of our own in `_meta`, and ids of our extensions, are named by the rules')

export const base: Page = {
  path: 'basic',
  title: 'Base protocol',
  counted: counts(33, 12, 13, 5),
  rows: [
    must(
      '',
      'base protocol, versioning and message patterns are there',
      everyResponse,
      t.httpModern('version %s: 400'),
    ),
    must(
      'Messages',
      'everything sent is JSON-RPC 2.0',
      t.parsing('%s is taken as it is'),
      t.published('every example of the newest revision passes'),
    ),
    must('Requests', 'the id is a text or an integer', ids, frame('id as an object'), frame('id with a fraction')),
    mustNot('Requests', 'the id is never null', ids, frame('id null')),
    mustNot(
      'Requests',
      'no id again while it is in flight',
      ids,
      t.calls('%s: an id that is in flight is refused, and free again after'),
    ),
    must('Result Responses', 'a result has the id of its request', everyResponse),
    must(
      'Result Responses',
      'a result response has a result',
      everyResponse,
      t.httpClient('%s is not a reply', 'neither result nor error'),
    ),
    must('Result Responses', 'every result says its type', everyResponse),
    must(
      'ResultType',
      'types are those of the core and of declared extensions',
      t.calling('a kind of result nobody knows is an error'),
      t.tasks('is offered by servers whose tools have tasks'),
    ),
    must(
      'ResultType',
      'a type that the client does not know is invalid',
      t.behaviours('a stateless result of the unknown kind %j is refused'),
    ),
    must(
      'ResultType',
      'a result without a type is complete',
      t.calling('a stateless result without what only a cache needs is taken'),
    ),
    must(
      'Error Responses',
      'an error has the id of its request where that can be read',
      badEnvelope,
      unreadable('{"id":1,"method":"ping"}'),
    ),
    must(
      'Error Responses',
      'an error has a code and a message',
      frame('a word'),
      t.parsing(
        'a broken response names the request that gets no better answer, and is answered without an id > %s',
        '{"jsonrpc":"2.0","id":1,"error":"no"}',
      ),
    ),
    must(
      'Error Responses',
      'error codes are integers',
      t.parsing(
        'a broken response names the request that gets no better answer, and is answered without an id > %s',
        '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"no"}}',
      ),
      ownCodes,
    ),
    mustNot('Error Codes', 'no new codes in the legacy range', ownCodes),
    shouldNot('Error Codes', 'the legacy range is not used at all', ownCodes),
    mustNot(
      'Error Codes',
      'codes of the legacy range mean nothing, −32002 aside',
      t.asking('an error %d means nothing but that the call failed'),
    ),
    mustNot(
      'Error Codes',
      'no undefined code of the reserved range is sent',
      ownCodes,
      choice('an author who throws a ProtocolError names its code'),
    ),
    must(
      'Error Codes',
      'defined codes are used as they are defined',
      t.httpModern('version %s: 400'),
      t.httpModern('header: %s: 400 and -32020'),
      t.httpModern('a call that needs what its client cannot do: 400 and -32021'),
    ),
    mustNot(
      'Error Codes',
      'codes of older revisions are not sent any more',
      ownCodes,
      t.offers('%s: a resource that is not there has the code of the revision'),
    ),
    should(
      'Error Codes',
      'clients still understand −32002',
      t.behaviours('%s: a resource that does not exist is one whichever code says it'),
    ),
    should('Error Codes', 'codes for other purposes lie outside the reserved ranges', author),
    mustNot(
      'Notifications',
      'notifications are not answered',
      frame('an unknown notification'),
      frame('a request without an id'),
      t.calls('%s: a cancellation that names nothing in flight is ignored'),
    ),
    mustNot(
      'Notifications',
      'notifications have no id',
      t.stateless('a stateless server asks in results, sends no request, and takes back nothing but subscriptions'),
    ),
    mustNot(
      'Statelessness',
      'nothing is inferred from earlier requests of a connection',
      t.stateless('what one request declares does not hold for the next on its connection'),
    ),
    should(
      'Statelessness',
      'requests of several conversations may come at once',
      t.stateless('progress of requests at once goes to the token of each'),
      t.serverFuzz('%s: every call is answered once, unless cancelled, whatever else is said'),
    ),
    shouldNot(
      'Statelessness',
      'related work needs no single connection or process',
      t.rounds('any server with the key ring can serve any round'),
      t.offers('%s: a cursor is good for the list that gave it out, in every process'),
    ),
    shouldNot(
      'Statelessness',
      'a process does not live and die with one conversation',
      t.gatewayQuestions('each user is asked what their own call wants to know (%s)'),
      choice('for hosts that use the client alone'),
    ),
    must(
      'Statelessness',
      'state across requests has an identifier that the client sends',
      t.rounds('a first round says what it asks and seals what it knows'),
      t.tasks('%s: long work becomes a task, which can be looked at at once, and has its result in the end'),
    ),
    should(
      'Auth',
      'HTTP follows the authorization pages',
      t.logins('$version: a person logs in to a protected server, and again for what needs more'),
    ),
    shouldNot(
      'Auth',
      'on stdio credentials come from the environment instead',
      t.processes('a server sees the default environment and what it is given, and its arguments untouched'),
    ),
    must('Schema Dialect', 'JSON Schema 2020-12 is understood', faults, t.jsonSchema('validate > %j refuses %j')),
    should('Schema Dialect', 'further dialects are documented', dialect),
    must('Implementation Requirements', 'a schema that names no dialect is 2020-12', faults),
    must('Implementation Requirements', 'schemas are read in the dialect that they name', faults),
    must('Implementation Requirements', 'an unknown dialect is said to be unsupported', dialect),
    should('Implementation Requirements', 'dialects are documented', dialect),
    must(
      'Schema Validation',
      'schemas are valid in their dialect',
      t.jsonSchema('a schema is refused when it is made > %s', 'an unknown type'),
      t.schemaCheck('%s is told apart from a fault of the value', 'an unknown type'),
    ),
    mustNot('$ref Resolution', 'references to the network are never followed', neverFetched),
    must('$ref Resolution', 'following them is off unless switched on', neverFetched),
    should('$ref Resolution', 'a mode that follows them has bounds', notApplicable('there is no such mode')),
    should(
      '$ref Resolution',
      'an unresolved reference makes the schema unusable, not permissive',
      neverFetched,
      t.jsonSchema('a schema is refused when it is made > %s', 'a network reference'),
    ),
    should(
      'Composition-Keyword Resource Use',
      'depth, size and time of a check are bounded',
      t.schemaCheck('a hostile schema or value > %s is given up within its steps'),
      t.outputSchemas('whatever a server writes into its schemas, its result comes, with a warning'),
    ),
    mustNot(
      '_meta',
      'nothing is assumed about values at reserved keys',
      t.asking('members of `_meta` that nobody knows change nothing, and are handed over'),
    ),
    must('_meta', 'a prefix is labels with dots and a slash', ownKeys),
    must('_meta', 'each label has a letter first and no hyphen last', ownKeys),
    should('_meta', 'prefixes are reverse domain names', ownKeys),
    must('_meta', 'at neither end of a name stands a sign', ownKeys),
    must('_meta', 'clients send the required fields on every request', envelope),
    must('_meta', 'a request without one of them gets −32602', badEnvelope),
    must('_meta', 'over HTTP with status 400', badEnvelope),
    should('_meta', 'clients say who they are', envelope),
    mustNot(
      '_meta',
      'servers rely on no capability that was not declared',
      cannotAsk,
      t.sample('%s: a client that can do neither is not asked'),
    ),
    must(
      '_meta',
      'a missing capability is −32021, which names it',
      cannotAsk,
      t.sample('%s: tools and context are asked of those only who declared them'),
    ),
    must(
      '_meta',
      'over HTTP with status 400',
      t.httpModern('a call that needs what its client cannot do: 400 and -32021'),
    ),
    should('_meta', 'servers say who they are in every result', everyResponse),
    shouldNot(
      '_meta',
      'behaviour and security do not rest on such names',
      t.httpModern('a client need not say its name'),
    ),
    must(
      '_meta',
      'notifications of a subscription carry its id',
      t.changes('a subscription says first what it will tell, and every message says whose it is'),
    ),
    must('_meta', 'trace context has the form that W3C gave it', t.trace('what is sent of %s')),
    must('icons', 'who shows icons shows PNG and JPEG', noIcons),
    should('icons', 'and SVG and WebP', noIcons),
    must('icons', 'who shows icons takes precautions', noIcons),
    must('icons', 'icons of unsafe schemes and redirects are refused', noIcons),
  ],
}
