import { choice, counts, must, type Page, should } from '../model.ts'
import { document } from '../reasons.ts'
import * as t from '../tests.ts'

export const transports: Page = {
  path: 'basic/transports',
  title: 'Transports',
  counted: counts(3, 0, 2, 0),
  rows: [
    must(
      'Messages',
      'messages are UTF-8',
      t.lines('lines may span chunks, even within a character'),
      t.hostileStdio('%s', 'an id of odd letters'),
    ),
    must(
      'Messages',
      'requests and notifications reach the server, responses and notifications the client',
      t.httpClient('messages before the response of a stream go to whoever made the request'),
      t.stdioClient('a request gets its response, whatever else is said before'),
    ),
    must(
      'Custom Transports',
      'other transports keep format, patterns and per-request metadata',
      t.probe('a stateless server over %s is asked once'),
      t.memory('messages arrive as copies, in a turn of their own'),
      choice('for transports that others write'),
    ),
    should('Custom Transports', 'they say how they connect, frame and cancel', document),
    should(
      'Custom Transports',
      'byte streams use the framing of stdio',
      t.writer('a process reads all lines as they were written'),
      choice('for transports that others write'),
    ),
  ],
}
