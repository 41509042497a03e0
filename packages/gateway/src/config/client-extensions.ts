import { isExtensionId, isObject, tasksExtension } from '@interlock/protocol'
import { type JsonMember, type JsonNode, kindOf, plain } from './document.ts'
import { reportRepeated, type Scope } from './scope.ts'

/** Extensions that a server's session is told clients know, with the settings of each. */
export type ClientExtensions = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export function readClientExtensions(scope: Scope, node: JsonNode | undefined): ClientExtensions | undefined {
  if (node === undefined) return undefined
  if (node.kind !== 'object') {
    const message = `found ${kindOf(node)} where an object is expected, such as { "com.example/rooms": {} }`
    scope.problem('member_invalid', { offset: node.offset, member: 'clientExtensions' }, message)
    return undefined
  }
  reportRepeated(scope, node, 'clientExtensions')
  const entries = node.members.flatMap(member => {
    const settings = plain(member.value)
    const fault = faultOf(member, settings)
    if (fault === undefined && isObject(settings)) return [[member.key, settings] as const]
    const spot = { offset: member.offset, member: `clientExtensions.${member.key}` }
    scope.problem('member_invalid', spot, fault ?? '')
    return []
  })
  return Object.fromEntries(entries)
}

function faultOf({ key, value }: JsonMember, settings: unknown): string | undefined {
  if (!isExtensionId(key)) return 'is not a name of an extension; those have a prefix, such as com.example/rooms'
  if (key === tasksExtension) return 'is looked after by the gateway for every client; remove it'
  if (isObject(settings)) return undefined
  return `found ${kindOf(value)} where the extension's settings are expected; write {} where it has none`
}
