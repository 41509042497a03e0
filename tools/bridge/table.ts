import { conversations, judgeConversation } from './conversations.ts'
import { judgePayload, type PayloadName, payloads } from './payloads.ts'
import type { Judge } from './rule.ts'

export type ConversationName = keyof typeof conversations
export type FeatureName = ConversationName | PayloadName

export interface Feature {
  readonly name: FeatureName
  readonly judge: Judge
}

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] => Object.keys(table) as Name[] // written there

/** Every feature that a gateway carries, and what becomes of it in every pair of revisions. */
export const features: readonly Feature[] = [
  ...namesOf(conversations).map(name => ({ name, judge: judgeConversation(name) })),
  ...namesOf(payloads).map(name => ({ name, judge: judgePayload(payloads[name]) })),
]
