import { choice, counts, must, mustNot, type Page, should, shouldNot } from '../model.ts'
import { author } from '../reasons.ts'
import * as t from '../tests.ts'

const envelope = t.asking('every request says its version, its capabilities and who sends it')
const declares = t.stateless('%s: what a server has, it declares, and nothing else')
const lists = t.offers('%s: lists have the form of the revision')
const same = t.stateless('lists are the same for every connection, in the same order, whatever was asked before')
const told = t.changes('%s: clients are told of changes')
const described = t.offers('%s: a server says who it is and what it can')
const block = (row: string) => t.tools('a tool may return %s', row)

export const discover: Page = {
  path: 'server/discover',
  title: 'Discovery',
  counted: counts(1, 0, 2, 1),
  rows: [
    must('', 'servers have it', described),
    should(
      'When to Call',
      'clients that know both eras ask it first',
      t.probe('a stateless server over %s is asked once'),
    ),
    should(
      'DiscoverResult',
      'servers say who they are',
      t.stateless('%s %j: the response has its id, the result its type and the name of its server'),
    ),
    shouldNot(
      'DiscoverResult',
      'behaviour and security do not rest on that',
      t.probe('a silent server on a stream is asked both ways, and a late description wins over no answer'),
      choice('hosts may show it'),
    ),
  ],
}

export const prompts: Page = {
  path: 'server/prompts',
  title: 'Prompts',
  counted: counts(7, 1, 5, 0),
  rows: [
    must('', 'every request has the required metadata', envelope),
    must('Capabilities', 'servers with prompts declare it', declares),
    must('Capabilities', 'and list them', lists, t.offers('%s: an empty list may be offered')),
    mustNot('Capabilities', 'the list differs by no connection or earlier request', same),
    should(
      'List Changed Notification',
      'changes are told to subscribers',
      told,
      t.changes('only what was asked for is told'),
    ),
    must(
      'Image Content',
      'images are Base64 with a type',
      block('bytes of a block'),
      t.published('$version: random values get the verdict of an independent validator'),
    ),
    must(
      'Audio Content',
      'sounds are Base64 with a type',
      t.tools('%s: content that the revision cannot carry comes as text'),
      t.published('$version: random values get the verdict of an independent validator'),
    ),
    must(
      'Embedded Resources',
      'embedded resources have URI, type, and text or bytes',
      block('an embedded resource'),
      t.offers('%s: resources are read in every form'),
    ),
    should('Error Handling', 'faults are errors of JSON-RPC', t.offers('%s: faulty prompt requests say what is wrong')),
    should(
      'Implementation Considerations',
      'servers check arguments',
      t.offers('%s: faulty prompt requests say what is wrong'),
    ),
    should(
      'Implementation Considerations',
      'clients read long lists page by page',
      t.calling('lists are read to their last page ($name)'),
    ),
    should(
      'Implementation Considerations',
      'both sides keep to what was declared',
      t.calling('a list that the server does not offer is empty, and not asked for ($name)'),
      t.offers('%s: what a server does not have, it does not answer'),
    ),
    must(
      'Security',
      'what goes into and comes out of prompts is checked',
      t.offers('%s: faulty prompt requests say what is wrong'),
      author,
    ),
  ],
}

const outside = t.pathSafety('%s is outside, whatever the tool')
const guarded = t.scopes('$version: without the scopes 403 that names all of them, and nothing runs')
const missing = t.offers('%s: a resource that is not there has the code of the revision')

export const resources: Page = {
  path: 'server/resources',
  title: 'Resources',
  counted: counts(8, 2, 7, 0),
  rows: [
    must('', 'every request has the required metadata', envelope),
    must('Capabilities', 'servers with resources declare it', declares),
    must('Capabilities', 'and list them', lists),
    mustNot('Capabilities', 'the list differs by no connection or earlier request', same),
    should('List Changed Notification', 'changes are told to subscribers', told),
    should('https://', 'https is for what clients can fetch themselves', author),
    should('https://', 'other schemes are for the rest', author),
    must('Custom URI Schemes', 'URIs keep to RFC 3986', t.offers('wrong definitions throw where they are made')),
    must('Error Handling', 'a resource that is not there is −32602', missing),
    should(
      'Error Handling',
      'internal errors are −32603',
      t.offers('%s: what goes wrong in a resource stays in the log'),
    ),
    should(
      'Error Handling',
      'clients understand −32002 too',
      t.behaviours('%s: a resource that does not exist is one whichever code says it'),
    ),
    mustNot('Error Handling', 'a resource that is not there is no empty one', missing),
    must(
      'Security Considerations',
      'URIs are checked',
      missing,
      outside,
      t.catalog('a URI that no list names is found by the template it fits'),
    ),
    should('Security Considerations', 'sensitive resources are guarded', guarded, author),
    must('Security Considerations', 'bytes are encoded', t.offers('%s: resources are read in every form')),
    should('Security Considerations', 'permissions are looked at first', guarded, author),
    must(
      'Security Considerations',
      'paths of files lead nowhere else',
      outside,
      t.pathSafety('%s that leads outside is not followed'),
    ),
  ],
}
