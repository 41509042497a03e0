import { choice, counts, must, mustNot, notApplicable, type Page, should, shouldNot, untested } from '../model.ts'
import { author, hostUi, model } from '../reasons.ts'
import * as t from '../tests.ts'

const deprecated = notApplicable('deprecated, and here for all who still use it')
const declared = t.asking('every request says its version, its capabilities and who sends it')
const learns = t.sample('%s: a tool learns of the roots, and asks for them once')
const cannot = t.sample('%s: a client that can do neither is not asked')
const outside = t.pathSafety('%s is outside, whatever the tool')
const rootsOfHost = choice('which roots there are, and who agreed to them, is up to the host')

export const roots: Page = {
  path: 'client/roots',
  title: 'Roots',
  counted: counts(3, 0, 4, 1),
  rows: [
    shouldNot('', 'new implementations leave them out', deprecated),
    should('', 'those that have them move on', deprecated),
    must(
      'Capabilities',
      'clients that have roots declare it',
      declared,
      t.asking('what a host cannot be asked is not declared'),
    ),
    must('Root', 'a root is a file:// URI', t.asking('only files are told as roots')),
    must(
      'Security Considerations',
      'clients expose, check and watch roots with care',
      t.asking('only files are told as roots'),
      rootsOfHost,
    ),
    should(
      'Security Considerations',
      'servers keep within the roots',
      outside,
      t.pathSafety('%s that leads outside is not followed'),
      author,
    ),
    should('Implementation Guidelines', 'users consent to roots and manage them', rootsOfHost),
    should(
      'Implementation Guidelines',
      'servers look for the capability, keep within the roots and remember them',
      cannot,
      learns,
      outside,
    ),
  ],
}

const tools = t.sample('%s: tools and context are asked of those only who declared them')
const balance = t.sample('a use of a tool with %s is never sent')
const withTools = t.sample('%s: the model may use the tools that the request holds')

export const sampling: Page = {
  path: 'client/sampling',
  title: 'Sampling',
  counted: counts(9, 2, 9, 3),
  rows: [
    shouldNot('', 'new implementations leave it out', deprecated),
    should('', 'those that have it move on', deprecated),
    should('User Interaction Model', 'a person can deny each request', hostUi),
    should('User Interaction Model', 'users see and change prompt and answer', hostUi),
    must(
      'Tools in Sampling',
      'clients declare that their model may use tools',
      declared,
      t.asking('a model is not asked with %s by whoever was not told that it may be'),
    ),
    mustNot(
      'Tools in Sampling',
      'servers send tools to those only who declared it',
      tools,
      t.sample('%s: a revision that has no tools in sampling is not asked with them'),
    ),
    must('Capabilities', 'clients that sample declare it', declared, cannot),
    should(
      'Capabilities',
      'servers do without the context of other servers',
      tools,
      t.capabilities('%s: the context of servers is not wished for from who does not give it'),
    ),
    shouldNot('Capabilities', 'or use it where it is declared', tools),
    must(
      'Tool Result Messages',
      'results of tools stand alone in their message',
      t.sample('a use of a tool with %s is never sent', 'words beside the result'),
    ),
    must('Tool Use and Result Balance', 'each use of a tool is followed by its result', balance),
    must('Tool Choice Modes', 'required: the model uses a tool', model),
    mustNot('Tool Choice Modes', 'none: the model uses no tool', model),
    must(
      'Messages',
      'a message has role and content',
      t.sample('%s: a tool may ask the model of its client'),
      t.published('$version: random values get the verdict of an independent validator'),
    ),
    shouldNot(
      'Messages',
      'messages are not kept from one request to the next',
      t.sample('%s: a tool may ask the model of its client'),
      model,
    ),
    must('Sampling Parameters', 'the limit of tokens is kept to', model),
    should('Security Considerations', 'users approve', hostUi),
    should(
      'Security Considerations',
      'contents of messages are checked',
      t.sample('%s: an answer that is none is refused, or asked for again where rounds allow it'),
      balance,
    ),
    should('Security Considerations', 'hints about the model are respected', model),
    should(
      'Security Considerations',
      'clients limit the rate',
      model,
      untested('the client itself has no limit on how often its model is asked'),
    ),
    must('Security Considerations', 'sensitive data is handled with care', hostUi, author),
    must('Security Considerations', 'an answer that uses tools is followed by their results', withTools, balance),
    should(
      'Security Considerations',
      'rounds with tools are limited',
      t.settling('settle > gives up after so many rounds'),
      author,
    ),
  ],
}
