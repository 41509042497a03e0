import { counts, must, mustNot, type Page, should } from '../model.ts'
import { author } from '../reasons.ts'
import * as t from '../tests.ts'

const first = t.rounds('a first round says what it asks and seals what it knows')
const forged = t.rounds('state that is %s is refused')
const principal = t.rounds('state of another principal is refused')
const expired = t.rounds('state that has expired is refused')
const echoed = t.asking('the state %j is brought back as it came, by the retry alone and under a new id')
const answered = t.calling(
  'questions of a stateless server are answered and the call is repeated with the answers and its state',
)
const cannotAsk = t.elicit('%s: nothing is asked of a client that cannot ask')
const askedAgain = t.rounds('%s: the question is asked again')

export const mrtr: Page = {
  path: 'basic/patterns/mrtr',
  title: 'Multi round-trip requests',
  counted: counts(13, 8, 5, 0),
  rows: [
    must(
      '',
      'servers ask their clients in this way only',
      t.stateless('a stateless server asks in results, sends no request, and takes back nothing but subscriptions'),
    ),
    must(
      '',
      'every request has the required metadata',
      t.asking('every request says its version, its capabilities and who sends it'),
    ),
    mustNot('InputRequiredResult', 'clients do not look into the state', echoed),
    mustNot(
      'Supported Requests',
      'other requests than the three are never answered with questions',
      t.elicit('%s: a list can ask nothing'),
      t.calling('a server that %s is refused', 'asks where it must not'),
    ),
    must(
      'Server Requirements (Basic Workflow)',
      'each question of a request has its own key',
      t.elicit('%s: questions without a key are told apart'),
      t.elicit('%s: questions asked together go out together'),
    ),
    must(
      'Server Requirements (Basic Workflow)',
      'questions are elicitation, sampling or roots',
      t.calling('a server that %s is refused', 'asks nonsense'),
      t.published('every example of the newest revision passes'),
    ),
    must(
      'Server Requirements (Basic Workflow)',
      'state that comes back is not trusted',
      forged,
      t.rounds('state of %s is refused'),
    ),
    must('Server Requirements (Basic Workflow)', 'state that matters is sealed', first, forged),
    must(
      'Server Requirements (Basic Workflow)',
      'state whose seal is broken is refused',
      forged,
      t.rounds('state of a server with another key is refused'),
    ),
    should(
      'Server Requirements (Basic Workflow)',
      'it is bound to principal, request and time',
      principal,
      t.rounds('state of %s is refused'),
      expired,
    ),
    must(
      'Server Requirements (Basic Workflow)',
      'what may happen once is enforced by the server',
      t.elicit('%s: the flow is the same in every round'),
      t.parked('a finished call cannot be taken up again, and its client is told that the outcome is unknown'),
      author,
    ),
    must(
      'Server Requirements (Basic Workflow)',
      'questions, state or both are there',
      first,
      t.calling('a server that %s is refused', 'asks nothing'),
    ),
    mustNot(
      'Server Requirements (Basic Workflow)',
      'nothing is asked that the client did not declare',
      cannotAsk,
      t.sample('%s: tools and context are asked of those only who declared them'),
    ),
    mustNot('Server Requirements (Basic Workflow)', 'no elicitation without its capability', cannotAsk),
    mustNot(
      'Server Requirements (Basic Workflow)',
      'clients may never come back',
      expired,
      t.elicit('%s: a catch-all loses no question, and finally runs'),
      t.parked('a call whose answers do not come is cancelled at its server'),
    ),
    must(
      'Client Requirements (Basic Workflow)',
      'a client has the answers before it comes again',
      answered,
      t.settling('settle > asks what is asked, and calls again with the answers and the state'),
    ),
    must('Client Requirements (Basic Workflow)', 'the state is brought back exactly', echoed),
    mustNot('Client Requirements (Basic Workflow)', 'and not looked into or changed', echoed),
    mustNot('Client Requirements (Basic Workflow)', 'where none came, none is sent', echoed),
    must('Client Requirements (Basic Workflow)', 'the retry has an id of its own', echoed, answered),
    mustNot('Client Requirements (Basic Workflow)', 'answers and state go with no other request', echoed),
    should(
      'Error Handling',
      'answers are checked',
      t.rounds('inputResponses %j are refused'),
      t.rounds('an answer of another kind is refused'),
      t.elicit('%s: an answer that does not fit is an error'),
    ),
    should(
      'Error Handling',
      'faults of the protocol are errors of JSON-RPC',
      t.rounds('inputResponses %j are refused'),
    ),
    should(
      'Error Handling',
      'what was not asked is ignored',
      t.rounds('answers to unknown questions are ignored'),
      t.rounds('what is no answer is ignored beside one that is'),
    ),
    should('Error Handling', 'what is missing is asked again', askedAgain),
    must('Security Considerations', 'state is checked as said above', forged, principal),
  ],
}
