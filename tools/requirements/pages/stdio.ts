import { choice, counts, must, mustNot, type Page, should, shouldNot } from '../model.ts'
import { document } from '../reasons.ts'
import * as t from '../tests.ts'

const cancelled = t.calls('%s: a call that is cancelled hears of it, and nothing is sent after')

export const stdio: Page = {
  path: 'basic/transports/stdio',
  title: 'stdio',
  counted: counts(2, 7, 6, 1),
  rows: [
    mustNot(
      '',
      'a message has no line break in it',
      t.stateless('a text of many lines is one line on the wire'),
      t.writer('a process reads all lines as they were written'),
    ),
    shouldNot(
      '',
      'what a server says on stderr is no error by itself',
      t.stdioClient('standard error is heard line by line'),
      t.processes('a flood on standard error neither blocks the server nor fills memory'),
    ),
    mustNot(
      '',
      'a server writes messages only to its stdout',
      t.serve('what a tool prints does not get in the way of the protocol'),
    ),
    mustNot(
      '',
      'a client writes messages only to its stdin',
      t.stdioClient('a request that is no JSON fails at once and leaves nothing behind'),
      t.writer('a process reads all lines as they were written'),
    ),
    should('', 'other streams use this framing', document, choice('for transports that others write')),
    mustNot(
      'Sending Messages',
      'a client writes no responses',
      t.listening('requests of a stateless server are ignored with a warning'),
    ),
    must(
      'Receiving Messages',
      'clients tell subscriptions apart by their ids',
      t.listening('one stream asks for all that is wanted, and follows what is (%s)'),
    ),
    mustNot(
      'Receiving Messages',
      'a server writes no requests',
      t.stateless('a stateless server asks in results, sends no request, and takes back nothing but subscriptions'),
    ),
    must(
      'Cancellation',
      'a client cancels by a notification with the id',
      t.calling('a call that is not wanted any more is cancelled ($era.name, $kind)'),
    ),
    should('Cancellation', 'a server stops the work', cancelled),
    mustNot('Cancellation', 'and sends nothing more for it', cancelled),
    should(
      'Shutdown',
      'a client closes the input, waits, then uses force',
      t.processes('what is written to a server comes back, and closing its input ends it'),
      t.processes('a server that ignores the end of its input and SIGTERM is killed'),
    ),
    should(
      'Shutdown',
      'a server ends when its input ends',
      t.serve('at the end of its input a server lets calls finish, then ends'),
    ),
    should(
      'Unexpected Termination',
      'a server that ends unexpectedly is started again',
      t.gatewayBad('fails the call in flight with what is unknown, is started again after a while, and works'),
      choice('the client alone tells its host, which may connect again'),
    ),
    should(
      'Backward Compatibility',
      'a client that knows both eras asks server/discover first',
      t.probe('a stateless server over %s is asked once'),
      t.probe('a server with sessions is initialized, revision %s'),
    ),
    mustNot(
      'Backward Compatibility',
      'falling back hangs on no single error code',
      t.probe('a silent server on a stream is asked both ways, and a late description wins over no answer'),
      t.connecting(
        'a program that ends at a message it does not know is started again, and the next time asked rightly',
      ),
      t.hostileServers('a handshake is answered with %s'),
    ),
  ],
}
