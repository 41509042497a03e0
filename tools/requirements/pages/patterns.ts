import { choice, counts, must, mustNot, notApplicable, type Page, should } from '../model.ts'
import * as t from '../tests.ts'

const neverAsks = t.stateless(
  'a stateless server asks in results, sends no request, and takes back nothing but subscriptions',
)
const cancels = t.calling('a call that is not wanted any more is cancelled ($era.name, $kind)')
const cancelled = t.calls('%s: a call that is cancelled hears of it, and nothing is sent after')
const closing = t.changes('a subscription ends with a result when the server closes')
const givenUp = t.calling('a call without an answer is given up, saying which and after what time ($name)')
const keptAlive = t.calling('progress keeps a call alive, though not for ever')
const late = t.behaviours('%s: a response that comes after its call was cancelled is ignored')
const ignored = t.calls('%s: a cancellation that names nothing in flight is ignored')

export const patterns: Page = {
  path: 'basic/patterns',
  title: 'Message patterns',
  counted: counts(0, 1, 0, 0),
  rows: [
    mustNot(
      '',
      'servers send no requests',
      neverAsks,
      t.listening('requests of a stateless server are ignored with a warning'),
    ),
  ],
}

export const cancellation: Page = {
  path: 'basic/patterns/cancellation',
  title: 'Cancellation',
  counted: counts(6, 1, 10, 0),
  rows: [
    should('', 'a client says when a request is not wanted any more', cancels),
    must('', 'a server that ends a subscription names it in a cancellation', closing),
    mustNot('', 'a server sends cancellations for nothing else', neverAsks),
    must(
      'Transport-Specific Cancellation',
      'over HTTP a client that goes cancels its request',
      t.httpModern('closing the connection cancels a call that has sent nothing yet'),
      t.httpModern('what is told before the result makes a stream of it'),
    ),
    must('Transport-Specific Cancellation', 'on stdio a client sends a notification', cancels),
    should('Timeouts', 'every request has a time limit', givenUp),
    should('Timeouts', 'past it the request is cancelled and not waited for', givenUp),
    should('Timeouts', 'the limit can be set per request', keptAlive),
    should('Timeouts', 'progress does not extend it for ever', keptAlive),
    must(
      'Behavior Requirements',
      'only own requests in flight are cancelled',
      cancels,
      t.calling('a call that was unwanted from the start is not sent'),
    ),
    must('Behavior Requirements', 'servers cancel subscriptions only', closing, neverAsks),
    should('Behavior Requirements', 'a server stops, frees what it holds and does not answer', cancelled),
    should('Behavior Requirements', 'a client ignores an answer that comes later', late),
    must(
      'Timing Considerations',
      'cancellation and answer may cross',
      late,
      ignored,
      t.serverFuzz('%s: every call is answered once, unless cancelled, whatever else is said'),
      t.clientFuzz('%s: every call gets what is its own, once, whatever else is said'),
    ),
    should(
      'Implementation Notes',
      'reasons are logged',
      choice('the reason is handed to the handler as that of its signal, to be logged or not'),
    ),
    should(
      'Implementation Notes',
      'users see that a request is being cancelled',
      choice('what users see is up to the host'),
    ),
    should(
      'Error Handling',
      'cancellations of nothing, or broken ones, are ignored',
      ignored,
      t.calls('%s: a client cannot cancel what another one started'),
    ),
  ],
}

const ids = t.asking('requests at once have ids and progress tokens of their own, which are texts or integers')

export const progress: Page = {
  path: 'basic/patterns/progress',
  title: 'Progress',
  counted: counts(5, 0, 3, 0),
  rows: [
    must('Progress Flow', 'a token is a text or an integer', ids),
    must('Progress Flow', 'no two requests in flight share one', ids),
    must(
      'Progress Flow',
      'progress grows each time',
      t.calls('%s: progress only grows'),
      t.behaviours('%s: progress that does not increase is not passed on'),
    ),
    should(
      'Progress Flow',
      'its message means something to people',
      t.calls('%s: progress is told to those who ask for it'),
      choice('the words are the author’s'),
    ),
    must(
      'Behavior Requirements',
      'progress is of requests in flight that gave a token',
      t.calls('%s: progress is told to those who ask for it'),
      t.stateless('progress of requests at once goes to the token of each'),
      t.stateless('%s: progress that is told after the answer goes nowhere'),
    ),
    should(
      'Implementation Notes',
      'both sides know which tokens are active',
      t.behaviours('%s: progress of a call that is over, or of none, is nobody’s'),
    ),
    should(
      'Implementation Notes',
      'progress is limited so that it floods nobody',
      t.hostileHttp('a client that does not read is spared progress, and gets its answer when it does'),
      t.gatewayBad('a flood of notifications and of standard error harms nobody'),
      choice('how often a handler tells is the author’s'),
    ),
    must(
      'Implementation Notes',
      'no progress after the end',
      t.stateless('%s: progress that is told after the answer goes nowhere'),
      cancelled,
    ),
  ],
}

const opened = t.changes('a subscription says first what it will tell, and every message says whose it is')

export const subscriptions: Page = {
  path: 'basic/patterns/subscriptions',
  title: 'Subscriptions',
  counted: counts(3, 2, 3, 0),
  rows: [
    mustNot(
      'Opening a Stream',
      'only what was asked for is told',
      t.changes('only what was asked for is told'),
      t.changes('%s: nobody is told of resources that they do not watch'),
    ),
    must('Acknowledgment', 'the acknowledgement comes first, with the id', opened),
    mustNot('Acknowledgment', 'nothing comes before it', opened),
    should(
      'Acknowledgment',
      'a client looks what was acknowledged, and copes',
      t.listening('what the server does not agree to tell is warned of'),
    ),
    must(
      'Receiving Notifications',
      'on stdio the id tells subscriptions apart',
      t.listening('one stream asks for all that is wanted, and follows what is (%s)'),
    ),
    should('Cancellation', 'a server that ends one answers its request', closing),
    should('Graceful Closure', 'a server that ends one answers its request', closing),
    must(
      'Graceful Closure',
      'after a reconnection on stdio a client subscribes again',
      t.watches('a watch is asked for again after a restart, and ended once nobody is left'),
      notApplicable('the client alone does not reconnect: its host does, with a new one'),
    ),
  ],
}
