import type { Revision } from '../../packages/protocol/src/revision.ts'
import { absent, always, carried, carriedBy, isModern, type Judge, lowered, refused } from './rule.ts'

const hasForms = ({ features }: Revision): boolean => features.elicitation !== 'none'
const hasPages = ({ features }: Revision): boolean => features.elicitation === 'form+url'
/** The error that wants the user to go to a page first, and the word that they are done there. */
const hasPageErrors = (revision: Revision): boolean => hasPages(revision) && !isModern(revision)

/** How a question comes from this server to this client. */
const asking: Judge = (client, server) => {
  if (isModern(client) && isModern(server)) return carriedBy('in the result, both ways')
  if (isModern(server)) return carriedBy('asked over the session; the server is called again with the answer')
  if (isModern(client)) return carriedBy('the call is parked, and the question goes out as its result')
  return carried
}

const unasked = (what: string): ReturnType<Judge> =>
  refused(`the server is told that ${what}, so that it can do without`)

/** Features that are more than a shape, by name. What the two revisions have decides. */
export const conversations = {
  'calls of tools': always,
  'errors of tools': always,
  'errors of the protocol, with code and data': always,
  'a resource that does not exist': (client, server) => {
    const [from, to] = [server.features.resourceNotFound, client.features.resourceNotFound]
    return from === to ? carried : lowered(`the code ${from} becomes ${to}`)
  },
  progress: always,
  'log messages, at the level that is wanted': (client, server) => {
    if (isModern(client) === isModern(server)) return carried
    return isModern(client)
      ? carriedBy(
          'the session with the server gets the most verbose level that any call wanted; each call hears its own',
        )
      : carriedBy('the level of the session goes along with every call')
  },
  'cancellation by the client': (client, server) =>
    isModern(client) === isModern(server)
      ? carried
      : carriedBy('each side in its own way: `notifications/cancelled`, or the closed stream of stateless HTTP'),
  'cancellation by the client, while it is being asked': (client, server) =>
    isModern(client) && !isModern(server)
      ? carriedBy('what the call is parked for is given up at the server')
      : carried,
  'a question that the server takes back': (client, server) => {
    if (isModern(server)) return absent
    return isModern(client) ? lowered('the client is not told; its answer is not used, and the call goes on') : carried
  },
  'changes of lists': (client, server) =>
    isModern(client) === isModern(server)
      ? carried
      : carriedBy('`subscriptions/listen` on the stateless side, the notifications of the session on the other'),
  'changes of a resource': (client, server) =>
    isModern(client) === isModern(server)
      ? carried
      : carriedBy('`subscriptions/listen` on the stateless side, `resources/subscribe` on the other'),
  'pages of lists': () => carriedBy('all pages of all servers are read; the client gets pages of the whole'),
  completion: always,
  'completion with the arguments chosen so far': ({ features: client }, { features: server }) =>
    client.completionContext && server.completionContext
      ? carried
      : carriedBy('they go along as a member that the older side does not know'),
  'elicitation by form: accept, decline, cancel': (client, server) => {
    if (!hasForms(server)) return absent
    return hasForms(client) ? asking(client, server) : unasked('this client has no forms')
  },
  'two questions, one after the other': (client, server) => {
    if (!hasForms(server)) return absent
    return hasForms(client) ? asking(client, server) : unasked('this client has no forms')
  },
  'what an author has for a user who cannot be asked': (client, server) =>
    hasForms(client) && hasForms(server)
      ? carriedBy('it is not needed: the user is asked')
      : carriedBy('the server learns that there are no forms, and takes what its author has instead'),
  'forms with titled and with several choices': (client, server) => {
    if (!hasForms(server)) return absent
    if (!hasForms(client)) return unasked('this client has no forms')
    if (hasPages(client) && hasPages(server)) return carried
    return lowered(
      'titles stand beside the choices (`enumNames`); several choices are asked for as a line of text, and come back as a list',
    )
  },
  'elicitation by URL': (client, server) => {
    if (!hasPages(server)) return absent
    return hasPages(client)
      ? asking(client, server)
      : unasked('this client cannot send its user to a page; the URL is in the message')
  },
  'a form where the client has pages only': (client, server) => {
    if (!hasForms(server) || !hasPages(client)) return absent
    return hasPages(server)
      ? carriedBy('the server learns that there are no forms, and asks by URL if it has one to offer')
      : unasked('this client has no forms')
  },
  'the error that wants the user at a page first (−32042)': (client, server) => {
    if (!hasPageErrors(server)) return absent
    if (hasPages(client))
      return carriedBy('the client is asked to open the page, and the call made again once that is done')
    return refused('the error names the page, to be opened by hand before the call is made again')
  },
  '`notifications/elicitation/complete`': (client, server) => {
    if (!hasPages(server)) return absent
    if (!hasPages(client)) return refused('so is the question itself')
    if (hasPageErrors(client) && hasPageErrors(server)) return carried
    return isModern(server)
      ? absent
      : lowered('left out: the client has no such notification, and learns from the result')
  },
  sampling: asking,
  'sampling with tools': (client, server) => {
    if (!server.features.samplingTools) return absent
    return client.features.samplingTools ? asking(client, server) : unasked('this client takes no tools in sampling')
  },
  roots: asking,
  'changes of roots': (client, server) => {
    if (isModern(client)) return absent
    return isModern(server) ? lowered('left out: the server asks for the roots in each call that needs them') : carried
  },
  'questions to a client without capabilities': () =>
    refused('the server is told, with the name of the capability and what to do instead'),
  'cache hints of resources': (client, server) => {
    if (!isModern(server)) return isModern(client) ? lowered('`ttlMs` 0, `private`: nothing is known') : absent
    return isModern(client) ? carried : lowered('left out: the revision has no cache')
  },
  'cache hints of lists': client =>
    isModern(client)
      ? carriedBy(
          'the shortest time and the most private scope of all servers; `ttlMs` 0 where one of them says nothing',
        )
      : lowered('left out: the revision has no cache'),
  'members that nobody knows, of requests and of `_meta`': always,
  'trace context in `_meta`': always,
  'capabilities of unknown extensions, of servers': () =>
    carriedBy('those of all servers together, with the settings that all who have the extension agree on'),
  'capabilities of unknown extensions, of clients': (_, server) =>
    isModern(server)
      ? carried
      : lowered('left out: a session with the server serves many clients, and is opened before they come'),
  'methods of unknown extensions': () =>
    carriedBy('to the server that `params.name` or `params.uri` leads to; else −32601 says what is missing'),
  tasks: (client, server) => {
    if (server.features.tasks === 'none') return absent
    if (client.features.tasks === 'none') return lowered('the call waits for the end of its task')
    const form = "the gateway has a task of its own for it, in the form of the client's revision"
    const isAsked = client.features.tasks === 'core' && server.features.tasks === 'extension'
    return carriedBy(isAsked ? `${form}; every tool of the server is listed as one that may run so` : form)
  },
  'views of the Apps extension': () =>
    carriedBy('`_meta.ui.resourceUri` of a tool leads to the view through the gateway'),
} as const satisfies Readonly<Record<string, Judge>>

export const judgeConversation = (name: keyof typeof conversations): Judge => conversations[name]
