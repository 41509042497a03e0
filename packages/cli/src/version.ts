import { readFileSync } from 'node:fs'
import type { Implementation } from '@interlock/protocol'

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Of this command, and of the gateway that it starts. */
export const version: string = String((manifest as { version?: unknown }).version)

export const gatewayInfo: Implementation = { name: 'interlock', title: 'Interlock', version }
