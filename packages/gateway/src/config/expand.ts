import { nearest } from '@interlock/protocol'
import type { ConfigErrorCode } from './error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What keeps a string from being expanded. `message` names variables and never shows a value or a default. */
export interface ExpansionFault {
  readonly code: Extract<ConfigErrorCode, `variable_${string}`>
  readonly message: string
  readonly hint?: string
}

export type Expansion =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly faults: readonly ExpansionFault[] }

/**
 * Replaces references to variables:
 * `${NAME}` and `${env:NAME}` by the value, which must be set (it may be empty);
 * `${NAME:-default}` and `${env:NAME:-default}` by the value, or by the default when it is unset or empty, as in a shell;
 * `$${` by a literal `${`. A lone `$` stays. What is put in is not expanded again.
 */
export function expand(text: string, env: Environment): Expansion {
  const faults: ExpansionFault[] = []
  const expanded = text.replace(/\$\$\{|\$\{[^}]*\}?/g, reference => {
    if (reference === '$${') return '${'
    const value = resolve(reference, env)
    if (typeof value === 'string') return value
    faults.push(value)
    return ''
  })
  return faults.length === 0 ? { ok: true, text: expanded } : { ok: false, faults }
}

function resolve(reference: string, env: Environment): string | ExpansionFault {
  if (!reference.endsWith('}')) {
    return malformed('a "${" is never closed; add the missing "}", or write "$${" for a literal "${"')
  }
  const body = reference.slice(2, -1)
  const { name, fallback } = /^(?:env:)?(?<name>[A-Za-z_]\w*)(?::-(?<fallback>.*))?$/s.exec(body)?.groups ?? {}
  if (name === undefined) return unknownForm(body)
  if (fallback?.includes('${')) {
    return malformed(`the default of variable ${name} holds another "\${", which is not expanded; use a plain default`)
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
  return value ?? unset(name, env)
}

/** Names that editors replace by themselves and that nobody sets in an environment. */
const editorNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    workspaceFolder: 'a path relative to the folder of this file in "cwd"',
    workspaceRoot: 'a path relative to the folder of this file in "cwd"',
    workspaceFolderBasename: 'the name of the folder',
    userHome: '${HOME}',
    pathSeparator: 'the separator',
  }),
)

function unset(name: string, env: Environment): ExpansionFault {
  const remedy = editorNames.get(name)
  if (remedy !== undefined) {
    const message = `\${${name}} is replaced by editors only and is not set here; write ${remedy}`
    return { code: 'variable_unsupported', message }
  }
  const message = `variable ${name} is not set; set it in the environment, or write \${${name}:-default}`
  const near = nearest(
    name,
    Object.keys(env).filter(known => env[known] !== undefined),
  )
  return {
    code: 'variable_unset',
    message,
    ...(near === undefined ? {} : { hint: `${near} is set; did you mean that?` }),
  }
}

const editorForms = new Set(['input', 'command', 'config', 'workspaceFolder', 'file', 'extensionInstallFolder'])

/** Shows the leading name of a form and no more: what follows may be a default that was meant to stay secret. */
function unknownForm(body: string): ExpansionFault {
  const { name, mark } = /^\s*(?<name>[A-Za-z_]\w*)(?<mark>.?)/s.exec(body)?.groups ?? {}
  if (name === undefined) return malformed('"${" is not followed by the name of a variable; write ${NAME}')
  if (mark === ':' && editorForms.has(name)) {
    const message =
      `\${${name}:…} is replaced by an editor and means nothing here; put the value in an environment variable ` +
      'and write ${NAME}'
    return { code: 'variable_unsupported', message }
  }
  return malformed(`the reference to ${name} is not understood; write \${${name}} or \${${name}:-default}`)
}

function malformed(message: string): ExpansionFault {
  return { code: 'variable_malformed', message }
}
