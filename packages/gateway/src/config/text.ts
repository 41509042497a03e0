import { homedir } from 'node:os'
import { type JsonNode, kindOf } from './document.ts'
import { type Environment, expand } from './expand.ts'
import { reportRepeated, type Scope } from './scope.ts'

/** A string with its variables put in. Numbers and booleans are taken as written. */
export function readText(scope: Scope, node: JsonNode, member: string): string | undefined {
  const spot = { offset: node.offset, member }
  if (node.kind === 'number') return node.source
  if (node.kind === 'boolean') return String(node.value)
  if (node.kind !== 'string') {
    scope.problem('member_invalid', spot, `found ${kindOf(node)} where a string is expected; write a string`)
    return undefined
  }
  const expansion = expand(node.value, scope.env)
  if (!expansion.ok) {
    for (const fault of expansion.faults) scope.problem(fault.code, spot, fault.message, fault.hint)
    return undefined
  }
  if (!expansion.text.includes('\0')) return expansion.text
  scope.problem('member_invalid', spot, 'holds a NUL character, which cannot be passed on; remove it')
  return undefined
}

/** Like `readText` for members where only a string makes sense. */
export function readString(scope: Scope, node: JsonNode, member: string): string | undefined {
  if (node.kind !== 'number' && node.kind !== 'boolean') return readText(scope, node, member)
  const found = `found ${kindOf(node)} where a string is expected; put it in double quotes`
  scope.problem('member_invalid', { offset: node.offset, member }, found)
  return undefined
}

/** The members of `env` or `headers` with their texts. Absent is empty. */
export function readTexts(scope: Scope, node: JsonNode | undefined, member: string): readonly TextMember[] | undefined {
  if (node === undefined) return []
  if (node.kind !== 'object') {
    const spot = { offset: node.offset, member }
    scope.problem(
      'member_invalid',
      spot,
      `found ${kindOf(node)} where an object of strings is expected, { "NAME": "value" }`,
    )
    return undefined
  }
  reportRepeated(scope, node, member)
  const texts = node.members.map(({ key, offset, value }) => {
    const text = readText(scope, value, `${member}.${key}`)
    return text === undefined ? undefined : { key, offset, text }
  })
  const complete = texts.filter(text => text !== undefined)
  return complete.length === texts.length ? complete : undefined
}

export interface TextMember {
  readonly key: string
  readonly offset: number
  readonly text: string
}

/** `~` and `~/…` as the home folder. `~name` stays as it is: nothing but a shell knows other people's. */
export function expandHome(path: string, env: Environment): string {
  if (!/^~(?:$|[/\\])/.test(path)) return path
  return (env['HOME'] || env['USERPROFILE'] || homedir()) + path.slice(1)
}
