/**
 * Variables a local server gets without being given them: where to find programs and files, who the user is, and how to
 * write text and time. Everything else of our own environment stays here, since it may hold secrets.
 */
const inheritedNames: readonly string[] = (
  process.platform === 'win32'
    ? `PATH PATHEXT COMSPEC SYSTEMROOT SYSTEMDRIVE WINDIR USERNAME USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA
       PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) PROCESSOR_ARCHITECTURE NUMBER_OF_PROCESSORS TEMP TMP TZ`
    : 'PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL TMPDIR TZ'
).split(/\s+/)

/** The part of our own environment that every local server gets. */
export function defaultEnvironment(): Record<string, string> {
  return pick(inheritedNames)
}

/** The default environment and the given variables, which win. */
export function childEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const merged = defaultEnvironment()
  for (const [name, value] of Object.entries(env)) merged[canonical(name)] = value
  return merged
}

function pick(names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = process.env[name]
    // A shell function exported by bash is code, not a setting.
    if (value !== undefined && !value.startsWith('()')) picked[canonical(name)] = value
  }
  return picked
}

/** On Windows `Path` and `PATH` are one variable, and of two spellings an arbitrary one would win. */
function canonical(name: string): string {
  return process.platform === 'win32' ? name.toUpperCase() : name
}
