import { counts, must, mustNot, type Page, should, shouldNot } from '../model.ts'
import { author, hostUi } from '../reasons.ts'
import * as t from '../tests.ts'

const page = t.sample('%s: a tool may send its user to a page')
const form = t.elicit('%s: a tool may ask its user and go on')
const filled = t.askPerson('who asks, each field until it fits, then the question whether to send')
const consented = t.askPerson('nothing is sent without a yes, and the end of the input is no answer')
const shownWhole = t.askPerson('a page is shown whole, with whom it belongs to, and accepted with a yes')
const neverOpened = t.asking('a page is not looked at by the client, whatever the user says')
const otherAlphabet = t.askPerson('a name in another alphabet shows as what it is')
const mayDecline = t.elicit('%s: a user may decline or cancel')
const otherUser = t.rounds('state of another principal is refused')
const declared = t.asking('every request says its version, its capabilities and who sends it')
const noForms = t.otherwise('%s: a client without forms is sent to a page where the author says so')
const badUrl = t.sample('no user is sent to %s')

export const elicitation: Page = {
  path: 'client/elicitation',
  title: 'Elicitation',
  counted: counts(22, 12, 11, 3),
  rows: [
    mustNot('User Interaction Model', 'forms do not ask for secrets', author),
    must('User Interaction Model', 'secrets are asked for on a page', page, author),
    must(
      'User Interaction Model',
      'clients say who asks, let users review, decline, and see the host',
      filled,
      consented,
      shownWhole,
      hostUi,
    ),
    must(
      'Capabilities',
      'clients that can ask declare it',
      declared,
      t.asking('what a host cannot be asked is not declared'),
    ),
    must('Capabilities', 'with at least one mode', declared),
    mustNot(
      'Capabilities',
      'servers use declared modes only',
      t.elicit('%s: nothing is asked of a client that cannot ask'),
      noForms,
    ),
    must('Elicitation Requests', 'a request has mode and message', form, page),
    must('Elicitation Requests', 'without a mode it is a form', t.asking('a question without a mode is a form')),
    must(
      'Form Mode Elicitation Requests',
      'a form says so or names no mode',
      t.rounds('a first round says what it asks and seals what it knows'),
      form,
    ),
    should(
      'Requested Schema',
      'defaults are filled in',
      t.formDefaults('fields that an accepted answer leaves out get their defaults'),
      filled,
    ),
    must('URL Mode Elicitation Requests', 'a page is asked for in mode url', page),
    must('URL Mode Elicitation Requests', 'its URL is valid', badUrl),
    should('Example: Request Sensitive Data', 'users can go on or cancel by hand', hostUi),
    must(
      'Statefulness',
      'stored state is tied to its user',
      otherUser,
      t.tasks('%s: nobody else finds a task'),
      author,
    ),
    must('Statefulness', 'stored state is protected', t.rounds('state that is %s is refused'), author),
    must(
      'Statefulness',
      'users are known by their authorization',
      otherUser,
      t.protection('$version: a token for this server is taken'),
    ),
    mustNot('URL Mode Elicitation for OAuth Flows', 'pages do not authorize users for the server itself', author),
    mustNot('Understanding the Distinction', 'credentials of others do not pass through the client', author),
    mustNot('Understanding the Distinction', 'the client’s credentials are not used elsewhere', author),
    must('Understanding the Distinction', 'the user authorizes the server directly', author),
    mustNot('Understanding the Distinction', 'what a page gave is not told to the client', author),
    shouldNot('Error Handling', 'servers do not count on an answer', mayDecline),
    must(
      'Error Handling',
      'they cope with declining, cancelling and failing',
      mayDecline,
      t.elicit('%s: an answer that does not fit is an error'),
      t.calls('%s: an error for an answer is the error of the call'),
    ),
    must(
      'Security Considerations',
      'questions are bound to client and user',
      otherUser,
      t.gatewayQuestions('a question that may be for somebody else reaches nobody (%s)'),
    ),
    must('Security Considerations', 'clients say which server asks', filled, hostUi),
    should('Security Considerations', 'users approve', consented, hostUi),
    should('Security Considerations', 'users may decline', consented, hostUi),
    should('Security Considerations', 'users see what is asked and why', filled, hostUi),
    mustNot('Safe URL Handling', 'no secrets and no personal data in a URL', author),
    mustNot('Safe URL Handling', 'no URL that is authenticated already', author),
    shouldNot('Safe URL Handling', 'no URLs to be clicked in forms', author),
    should('Safe URL Handling', 'pages are HTTPS', author),
    must('Safe URL Handling', 'clients handle URLs with care', shownWhole, neverOpened),
    mustNot('Safe URL Handling', 'a page is not fetched beforehand', neverOpened),
    mustNot('Safe URL Handling', 'nor opened without consent', neverOpened, shownWhole),
    must('Safe URL Handling', 'the whole URL is shown first', shownWhole),
    must('Safe URL Handling', 'client and model cannot see what users do there', neverOpened, hostUi),
    should('Safe URL Handling', 'the domain stands out', shownWhole),
    should('Safe URL Handling', 'doubtful URLs are warned of', otherAlphabet, t.askPerson('%s is never offered')),
    shouldNot('Safe URL Handling', 'other fields show no clickable URLs', t.foreignText('%j is shown as %j'), hostUi),
    mustNot(
      'Identifying the User',
      'users are not who the client says',
      otherUser,
      t.protection('$version: a token for this server is taken'),
    ),
    should(
      'Identifying the User',
      'good practice is followed instead',
      t.protection('$version: a token for this server is taken'),
    ),
    mustNot('Form Mode Security', 'forms do not ask for secrets', author),
    should('Form Mode Security', 'clients check answers against the schema', filled, hostUi),
    should(
      'Form Mode Security',
      'servers check them too',
      t.elicit('%s: an answer that does not fit is an error'),
      t.elicit('%s: plain JSON Schema is checked too'),
    ),
    must('Phishing', 'who opens the page is known before its data is taken', author),
    must('Phishing', 'and is the user who was sent there', author),
    must('Phishing', 'however the URL was changed on the way', author),
  ],
}
