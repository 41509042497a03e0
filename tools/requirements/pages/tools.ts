import { choice, counts, must, mustNot, type Page, should, shouldNot } from '../model.ts'
import { author, hostUi } from '../reasons.ts'
import * as t from '../tests.ts'

const broken = (row: string) => t.mirroring('%s makes the tool invalid', row)
const refused = t.httpModern('a faulty annotation throws where the tool is made')
const leftOut = t.calling(
  'parameters that a tool wants in headers are put there, and a tool that says so wrongly is left out',
)
const named = t.tools('wrong definitions throw where they are made')
const exposed = t.names('every exposed name is short, of allowed characters, and the same each time')
const apart = t.catalog('offers the tools of all servers under names that lead back to them')
const checked = t.tools('%s: invalid arguments are told to the model, each place by name')
const held = t.outputSchemas('%s: a tool that was listed is held to its outputSchema')

export const toolsPage: Page = {
  path: 'server/tools',
  title: 'Tools',
  counted: counts(15, 3, 15, 3),
  rows: [
    must(
      '',
      'every request has the required metadata',
      t.asking('every request says its version, its capabilities and who sends it'),
    ),
    should('User Interaction Model', 'a person can deny each call', hostUi),
    should('User Interaction Model', 'users see tools and their use, and confirm', hostUi),
    must(
      'Capabilities',
      'servers with tools declare it',
      t.stateless('%s: what a server has, it declares, and nothing else'),
    ),
    must('Capabilities', 'and list them', t.offers('%s: lists have the form of the revision')),
    mustNot(
      'Capabilities',
      'the list differs by no connection or earlier request',
      t.stateless('lists are the same for every connection, in the same order, whatever was asked before'),
    ),
    should(
      'Capabilities',
      'the order is the same each time',
      t.stateless('lists are the same for every connection, in the same order, whatever was asked before'),
      t.catalog('the same page is given until the list changes'),
    ),
    must(
      'Input Required Tool Results',
      'the retry has an id of its own',
      t.asking('the state %j is brought back as it came, by the retry alone and under a new id'),
    ),
    should(
      'List Changed Notification',
      'changes are told to subscribers',
      t.changes('%s: clients are told of changes'),
    ),
    must(
      'Tool',
      'inputSchema is the schema of an object',
      named,
      t.calling('one broken tool is left out with a warning and the rest is kept ($name)'),
    ),
    must(
      'Tool',
      'clients do not trust annotations',
      t.asking('what a tool says of itself changes nothing in how it is called'),
      choice('hosts that act on them must know whose they are'),
    ),
    should('Tool Names', '1 to 128 characters', named, exposed),
    should('Tool Names', 'case counts', t.stateless('names of tools that differ in case only are two tools')),
    should('Tool Names', 'letters, digits, _ - and . only', named, exposed),
    shouldNot('Tool Names', 'no blanks, commas or the like', named, exposed),
    should(
      'Tool Names',
      'no name twice',
      t.changes('a name that is taken is not added'),
      t.upstreams('a name that one server lists twice is offered once, and noted'),
    ),
    should(
      'Tool Names',
      'who gathers tools of several servers tells them apart',
      apart,
      t.names('a server that is named like the segment of another takes none of its tools'),
    ),
    shouldNot(
      'Tool Names',
      'but not by what servers call themselves',
      apart,
      choice('the names are those of the configuration'),
    ),
    mustNot('x-mcp-header', 'the name is not empty', broken('an empty name'), refused),
    must('x-mcp-header', 'the name is a token', refused, broken('a name with a line break')),
    mustNot('x-mcp-header', 'the name has no control characters', broken('a name with a line break')),
    must('x-mcp-header', 'no name twice, in whatever case', broken('a name twice, however written'), refused),
    must('x-mcp-header', 'only on texts, integers and booleans', broken('a number')),
    must(
      'x-mcp-header',
      'integers are in the safe range',
      t.mirroredValues('values become text; what is absent, null or no such value has no header'),
    ),
    must(
      'x-mcp-header',
      'only where a chain of properties leads',
      broken('an item of a list'),
      broken('an alternative'),
    ),
    must('x-mcp-header', 'over HTTP clients refuse tools that break this', leftOut),
    must('x-mcp-header', 'such a tool is left out of the list', leftOut),
    should('x-mcp-header', 'with a warning that names it and says why', leftOut),
    shouldNot('x-mcp-header', 'secrets are not put into headers', author),
    should('Embedded Resources', 'servers that embed resources offer resources', author),
    should(
      'Structured Content',
      'structured results are also told as text',
      t.tools('a tool may return %s, which is structured content'),
    ),
    must(
      'Output Schema',
      'results fit the schema',
      t.toolErrors('%s: a value that is not the output is an error of the tool'),
      t.tools('a result is checked and completed by its schema'),
    ),
    should('Output Schema', 'clients check that', held),
    should(
      'Error Handling',
      'models are told of errors of tools',
      t.toolErrors('%s: what a ToolError says reaches the model'),
      checked,
      hostUi,
    ),
    must(
      'Security Considerations',
      'servers check input, guard access, limit calls, clean output',
      checked,
      t.calls('%s: above the limit requests are refused, and those in flight go on'),
      t.toolErrors('%s: what any other error says reaches the log only'),
      t.rateLimit('%s: calls of tools that come too fast are refused, and told when to try again'),
      author,
    ),
    should(
      'Security Considerations',
      'clients confirm, show input, check results, keep to the rules of $ref',
      held,
      t.outputSchemas(
        'a reference to the network is never fetched, and does not pass for a schema that allows everything',
      ),
      hostUi,
    ),
  ],
}
