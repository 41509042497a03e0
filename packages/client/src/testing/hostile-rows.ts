import { legacy, newest } from '@interlock/protocol'
import type { Piece } from './hostile.ts'

export const rpc = (members: object): string =>
  JSON.stringify({ jsonrpc: '2.0', ...members }).replaceAll('"$ID"', '$ID')
export const answer = (result: object): string => rpc({ id: '$ID', result })
export const notice = (method: string, params: object): string => rpc({ method, params })
export const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

const capabilities = { tools: { listChanged: true }, logging: {} }
const serverInfo = { name: 'hostile', version: '1' }
const envelope = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }

export interface Era {
  readonly name: string
  /** The method that a conversation begins with, and its right answer. */
  readonly hello: string
  readonly welcome: string
  readonly options: { readonly era: 'legacy' | 'modern' }
  readonly pong: string
}

export const content = (text: string): object => ({ content: [{ type: 'text', text }] })
export const sessions: Era = {
  name: 'sessions',
  hello: 'initialize',
  welcome: answer({ protocolVersion: legacy[0]?.version, capabilities, serverInfo }),
  options: { era: 'legacy' },
  pong: answer(content('pong')),
}
export const stateless: Era = {
  name: 'stateless',
  hello: 'server/discover',
  welcome: answer({ ...envelope, supportedVersions: [newest.version], capabilities }),
  options: { era: 'modern' },
  pong: answer({ ...envelope, ...content('pong') }),
}

/** What a server answers to one call, and what becomes of that. */
export interface Row {
  readonly name: string
  readonly says: (era: Era) => readonly Piece[]
  /** The text that the caller gets, or what the error says. */
  readonly gives: string | RegExp
  /** The server is gone, where it is a process. */
  readonly isOver?: true
  /** Where else it would mean something else. */
  readonly over?: 'stdio'
}

const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
const cut = /cannot be read|exit|broke|ended|closed|whether/i

export const rows: readonly Row[] = [
  {
    name: 'both result and error',
    says: () => [rpc({ id: '$ID', result: {}, error: { code: 1, message: 'x' } })],
    gives: /cannot be read/,
  },
  { name: 'neither', says: () => [rpc({ id: '$ID' })], gives: /cannot be read/ },
  { name: 'a result that is a list', says: () => [rpc({ id: '$ID', result: [] })], gives: /cannot be read/ },
  { name: 'a result that is null', says: () => [rpc({ id: '$ID', result: null })], gives: /cannot be read/ },
  {
    name: 'an error without a code',
    says: () => [rpc({ id: '$ID', error: { message: 'x' } })],
    gives: /cannot be read/,
  },
  {
    name: 'a result far too deep',
    says: () => [`{"jsonrpc":"2.0","id":$ID,"result":{"a":${deep}}}`],
    gives: /cannot be read/,
  },
  {
    name: 'a result that is no JSON',
    says: () => ['{"jsonrpc":"2.0","id":$ID,"result":{"a":}}'],
    gives: /cannot be read/,
  },
  {
    name: 'a result of another kind',
    says: () => [answer({ content: 7, resultType: 'complete' })],
    gives: /result\.content must be an array, not 7/,
  },
  { name: 'an answer to nobody first', says: era => [era.pong.replace('$ID', '999999'), era.pong], gives: 'pong' },
  {
    name: 'an answer to an id that is no id',
    says: era => [era.pong.replace('$ID', '{"a":1}'), era.pong.replace('$ID', 'null'), era.pong],
    gives: 'pong',
  },
  {
    name: 'an answer to the id as a text',
    says: era => [era.pong.replace('$ID', '"$ID"').replace('pong', 'not this'), era.pong],
    gives: 'pong',
  },
  {
    name: 'an answer to a very long id',
    says: era => [era.pong.replace('$ID', `"${'x'.repeat(1_000_000)}"`), era.pong],
    gives: 'pong',
  },
  {
    name: 'an error of a million characters to nobody',
    says: era => [rpc({ error: { code: 1, message: 'x'.repeat(1_000_000) } }), era.pong],
    gives: 'pong',
    over: 'stdio', // on a stream of its own it is an answer
  },
  {
    name: 'a batch of a million nothings first',
    says: era => [`[${times(1_000_000, '1').join(',')}]`, era.pong],
    gives: 'pong',
  },
  {
    name: 'a batch that holds the answer',
    says: era => [`[${notice('notifications/message', { level: 'info', data: 'x' })},${era.pong}]`],
    gives: 'pong',
  },
  { name: 'two answers', says: era => [era.pong, era.pong.replace('pong', 'again')], gives: 'pong' },
  {
    name: 'members of the prototype',
    says: era => [era.pong.replace('"content"', '"__proto__":{"polluted":1},"constructor":1,"content"')],
    gives: 'pong',
  },
  { name: 'bytes that are no UTF-8', says: era => [1_000, '', era.pong], gives: 'pong' },
  { name: 'blank lines', says: era => [...times(1_000, ''), era.pong], gives: 'pong' },
  {
    name: 'a flood of log messages',
    says: era => [...times(5_000, notice('notifications/message', { level: 'info', data: 'x' })), era.pong],
    gives: 'pong',
  },
  {
    name: 'a flood of changes',
    says: era => [...times(5_000, notice('notifications/tools/list_changed', {})), era.pong],
    gives: 'pong',
  },
  {
    name: 'progress of nobody',
    says: era => [...times(5_000, notice('notifications/progress', { progressToken: 'x', progress: 1 })), era.pong],
    gives: 'pong',
  },
  {
    name: 'progress that is none',
    says: era => [notice('notifications/progress', { progressToken: {}, progress: 'x' }), era.pong],
    gives: 'pong',
  },
  {
    name: 'a cancellation of its own call',
    says: era => [`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":$ID}}`, era.pong],
    gives: 'pong',
  },
  {
    name: 'notifications that nobody knows',
    says: era => [notice('notifications/__proto__', {}), notice('toString', {}), era.pong],
    gives: 'pong',
  },
  {
    name: 'requests that nobody knows',
    says: era => [rpc({ id: 'q', method: 'a/b' }), rpc({ id: 'q', method: 'a/b' }), era.pong],
    gives: 'pong',
  },
  { name: 'an end', says: () => [null], gives: cut, isOver: true },
  { name: 'half an answer and an end', says: era => [era.pong.slice(0, 20), null], gives: cut, isOver: true },
  {
    name: 'some progress and an end',
    says: () => [
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$ID,"progress":1}}`,
      null,
    ],
    gives: cut,
    isOver: true,
  },
]
