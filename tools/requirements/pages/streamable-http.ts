import { counts, must, mustNot, notApplicable, type Page, should, shouldNot } from '../model.ts'
import { allRevisions, noIntermediary } from '../reasons.ts'
import * as t from '../tests.ts'
import { customHeaders } from './custom-headers.ts'

const onePost = t.httpClient('a request is one POST, sent with %s')
const guarded = t.hostileHttp('%s: 403')
const noResponses = t.listening('requests of a stateless server are ignored with a warning')
const notifications = t.httpModern('notifications are taken, and there is nothing to GET')
const envelope = t.asking('every request says its version, its capabilities and who sends it')
const stopped = t.httpModern('closing the connection cancels a call that has sent nothing yet')
const streamed = t.statelessHttp(
  'a stream is not to be kept back by proxies, ends with its response, and holds the log that its request asked for',
)
const mismatch = t.httpModern('header: %s: 400 and -32020')
const parameterMismatch = t.httpModern('mirrored parameters: %s: 400 and -32020')
const encoded = t.httpModern('a URI that is no ASCII comes encoded')
const anyStatus = t.probe('HTTP status %d without a JSON-RPC error means sessions')

export const streamableHttp: Page = {
  path: 'basic/transports/streamable-http',
  title: 'Streamable HTTP',
  counted: counts(51, 8, 13, 1),
  rows: [
    must(
      '',
      'one endpoint, which takes POST',
      t.httpModern('a request is answered with plain JSON'),
      t.hostileHttp('other paths and methods are refused'),
    ),
    must('Security & Endpoint', 'the origin of every connection is checked', guarded, t.hostileHttp('%s is served')),
    must('Security & Endpoint', 'a wrong origin gets 403', guarded),
    should(
      'Security & Endpoint',
      'a local server listens on this machine only',
      t.statelessHttp('a server listens on this machine only, unless it is told otherwise'),
      t.serve('on %s it is said whether others can get in: %s'),
    ),
    should(
      'Security & Endpoint',
      'connections are authenticated',
      t.hostileHttp('what an authenticator refuses or trips over is answered'),
      t.protection('$version: a token for this server is taken'),
      t.protection('without a token: 401 that says where to get one and which scopes to ask for'),
    ),
    must('Sending Messages', 'every message of a client is a POST of its own', onePost),
    must('Sending Messages', 'clients use POST', onePost),
    must('Sending Messages', 'clients accept JSON and event streams, and say so', onePost),
    must(
      'Sending Messages',
      'clients send the metadata headers',
      envelope,
      t.calling('stateless requests repeat method and name in headers, and sessions name themselves'),
    ),
    must(
      'Sending Messages',
      'a body is one request or notification',
      onePost,
      t.hostileStdio('%s', 'a batch'),
      t.hostileHttp('%s', 'two in one'),
    ),
    mustNot('Sending Messages', 'clients send no responses', noResponses),
    must('Sending Messages', 'a notification that is taken gets 202 and no body', notifications),
    must(
      'Sending Messages',
      'one that is not gets an error status',
      t.statelessHttp('a notification that nobody can take is refused with a status, and no id'),
    ),
    must(
      'Sending Messages',
      'a request gets JSON or an event stream',
      t.httpModern('a request is answered with plain JSON'),
      t.httpModern('what is told before the result makes a stream of it'),
    ),
    must(
      'Sending Messages',
      'clients understand both',
      onePost,
      t.httpClient('messages before the response of a stream go to whoever made the request'),
    ),
    must(
      'Receiving Messages',
      'what a stream tells is about its request',
      streamed,
      t.stateless('progress of requests at once goes to the token of each'),
    ),
    mustNot(
      'Receiving Messages',
      'a server sends no requests on it',
      t.stateless('a stateless server asks in results, sends no request, and takes back nothing but subscriptions'),
    ),
    should('Receiving Messages', 'the response ends the stream', streamed),
    should('Receiving Messages', 'a stream tells proxies not to hold it back', streamed),
    must(
      'Cancellation',
      'a closed stream cancels its request',
      t.httpModern('what is told before the result makes a stream of it'),
      stopped,
    ),
    should('Cancellation', 'a server stops the work', stopped),
    mustNot(
      'Cancellation',
      'and sends nothing more for it',
      t.memory('a cancelled exchange says nothing at all'),
      t.calls('%s: a call that is cancelled hears of it, and nothing is sent after'),
    ),
    must('Protocol Version Header', 'every POST names the version', envelope),
    must('Protocol Version Header', 'header and body name the same version', mismatch, envelope),
    must('Protocol Version Header', 'if not, 400 and a header mismatch', mismatch),
    must(
      'Protocol Version Header',
      'an unknown version gets 400 and the versions that are known',
      t.httpModern('version %s: 400'),
    ),
    must('Protocol Version Header', 'an unknown method gets 404 and −32601', t.httpModern('%s: 404 and -32601')),
    must(
      'Protocol Version Header',
      'without the header a modern request is refused',
      t.httpModern('header: %s: 400 and -32020', 'version missing'),
    ),
    must(
      'Standard Request Headers',
      'Mcp-Method and Mcp-Name are there',
      mismatch,
      t.headerValues('a tool call repeats version, method and name'),
      t.mirroring('the header of %s repeats %s'),
    ),
    must(
      'Standard Request Headers',
      'a name that is no plain ASCII is encoded',
      t.headerValues('a tool call repeats version, method and name'),
      encoded,
    ),
    ...customHeaders,
    must(
      'Case Sensitivity',
      'names of headers are the same in every case',
      t.statelessHttp('names of headers are the same in every case'),
    ),
    must('Server Validation', 'headers that differ from the body are refused', mismatch, parameterMismatch),
    should(
      'Server Validation',
      'integers are compared as numbers',
      t.httpModern('mirrored parameters: %s', 'numbers compared as such'),
    ),
    must('Server Validation', 'with status 400 and the error for it', mismatch, parameterMismatch),
    must(
      'Server Validation',
      'encoded values are decoded before they are compared',
      encoded,
      t.httpModern('header: %s is fine', 'Base64'),
    ),
    must('Server Validation', 'intermediaries answer with an error status', noIntermediary),
    should('Server Validation', 'intermediaries look whether the version has such headers', noIntermediary),
    should('Server Validation', 'and refuse what is older or names none', noIntermediary),
    should(
      'Backward Compatibility',
      'at 400 a client reads the body before it falls back',
      t.probe('a stateless server that refuses with %d is not asked for a session'),
      t.probe('a server that refuses the version and offers one with sessions is initialized'),
      anyStatus,
    ),
    should('Earlier Streamable HTTP Revisions', 'how to answer older clients that are not served', allRevisions),
    shouldNot(
      'HTTP+SSE Transport (2024-11-05)',
      'new implementations leave it out',
      notApplicable('it is here for servers and clients that have nothing newer'),
    ),
    should(
      'HTTP+SSE Transport (2024-11-05)',
      'those that have it move on',
      notApplicable('everything here speaks Streamable HTTP first'),
    ),
  ],
}
