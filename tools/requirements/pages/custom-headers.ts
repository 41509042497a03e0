import { must, mustNot, type Row, should } from '../model.ts'
import { noIntermediary } from '../reasons.ts'
import * as t from '../tests.ts'

const title = 'Custom Headers from Tool Parameters'
const broken = (row: string) => t.mirroring('%s makes the tool invalid', row)
const refusedByServer = t.httpModern('a faulty annotation throws where the tool is made')
const leftOut = t.calling(
  'parameters that a tool wants in headers are put there, and a tool that says so wrongly is left out',
)
const travels = t.headerValues('%j travels as %s')
const every = t.headerValues('every text comes back as it was')
const mismatch = t.httpModern('mirrored parameters: %s: 400 and -32020')
const absent = t.mirroredValues('values become text; what is absent, null or no such value has no header')
const nothing = t.statelessHttp('a parameter that is null or absent needs no header, and may have none')

/** The sections of Streamable HTTP about headers that repeat parameters of tools. */
export const customHeaders: readonly Row[] = [
  must(title, 'clients support x-mcp-header', leftOut),
  must(title, 'clients repeat such parameters in headers', leftOut),
  mustNot('Schema Extension', 'the name is not empty', broken('an empty name'), refusedByServer),
  must('Schema Extension', 'the name is a token', refusedByServer, broken('a name with a line break')),
  mustNot('Schema Extension', 'the name has no control characters', broken('a name with a line break')),
  must('Schema Extension', 'no name twice, in whatever case', broken('a name twice, however written'), refusedByServer),
  must('Schema Extension', 'only on texts, integers and booleans', broken('a number'), refusedByServer),
  must('Schema Extension', 'integers are in the safe range', absent),
  must(
    'Schema Extension',
    'only where a chain of properties leads',
    broken('an item of a list'),
    t.mirroring('parameters are found along chains of properties'),
  ),
  mustNot(
    'Schema Extension',
    'not within items, alternatives, conditions or references',
    broken('an alternative'),
    broken('a definition'),
  ),
  must('Schema Extension', 'over HTTP clients refuse tools that break this', leftOut),
  must('Schema Extension', 'such a tool is left out of the list', leftOut),
  should(
    'Schema Extension',
    'with a warning that names it and says why',
    leftOut,
    t.mirroredValues('of very many tools with broken headers a few are named and the rest is counted'),
  ),
  must('Value Encoding', 'values are encoded so that they do no harm', travels, every),
  must('Value Encoding', 'what is no plain ASCII is Base64 of UTF-8', travels),
  must(
    'Value Encoding',
    'the marks around it are in lower case',
    t.headerValues('%s is not wrapped and stands for itself'),
    travels,
  ),
  must(
    'Value Encoding',
    'whoever reads such values decodes them',
    every,
    t.httpModern('mirrored parameters: %s', 'repeated'),
  ),
  must(
    'Value Encoding',
    'servers decode before they compare',
    t.httpModern('mirrored parameters: %s', 'repeated'),
    t.httpModern('header: %s is fine', 'Base64'),
  ),
  must(
    'Value Encoding',
    'plain text that looks encoded is encoded too',
    t.headerValues('%j travels as %s', '=?base64?literal?='),
  ),
  must(
    'Client Behavior',
    'a call has the standard headers and those of its parameters',
    leftOut,
    t.calling('stateless requests repeat method and name in headers, and sessions name themselves'),
  ),
  should('Client Behavior', 'after a mismatch the list is read again, and the call repeated', leftOut),
  must(
    'Server Behavior for Custom Headers',
    'intermediaries pass on such headers that they do not know',
    noIntermediary,
    t.statelessHttp('a header for a parameter that the tool does not have is left alone'),
  ),
  must(
    'Server Behavior for Custom Headers',
    'invalid characters are refused',
    t.statelessHttp('a header with letters that no header may have is refused, though the body has them too'),
    mismatch,
  ),
  must(
    'Server Behavior for Custom Headers',
    'decoded values are compared with the body',
    mismatch,
    t.httpModern('mirrored parameters: %s', 'repeated'),
  ),
  must('Server Behavior for Custom Headers', 'a difference gets 400 and −32020', mismatch),
  must(
    'Server Behavior for Custom Headers',
    'a parameter that is given has its header, which is compared',
    leftOut,
    mismatch,
  ),
  must('Server Behavior for Custom Headers', 'a parameter that is null has no header', absent),
  mustNot('Server Behavior for Custom Headers', 'nor does the server wait for one', nothing),
  must('Server Behavior for Custom Headers', 'an absent parameter has no header', absent),
  mustNot('Server Behavior for Custom Headers', 'nor does the server wait for one', nothing),
  must(
    'Server Behavior for Custom Headers',
    'a missing header for a parameter in the body is refused',
    t.httpModern('mirrored parameters: %s: 400 and -32020', 'missing'),
  ),
]
