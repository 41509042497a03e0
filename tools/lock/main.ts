/**
 * Adds to package-lock.json the optional packages that hold other platforms' binaries. A registry that does not carry
 * them makes `npm install` leave them out, and `npm ci` then refuses the file everywhere. Run after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly [member: string]: unknown
}

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const processors = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'arm']

const file = 'package-lock.json'
const lock: { packages: Record<string, Entry> } = JSON.parse(readFileSync(file, 'utf8'))
const known = new Set(Object.keys(lock.packages).map(place => place.replace(/^.*node_modules\//, '')))

for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const words = (name.split('/').pop() ?? '').split('-')
    const os = systems.find(system => words.includes(system))
    const cpu = processors.find(processor => words.includes(processor))
    if (known.has(name) || os === undefined || cpu === undefined || !/^\d/.test(version)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev === true ? { dev: true } : {}),
      ...(entry.license === undefined ? {} : { license: entry.license }),
      ...libcOf(words, name, os),
      optional: true,
      os: [os],
      ...(entry.engines === undefined ? {} : { engines: entry.engines }),
    }
    console.log(`added ${name} ${version}`)
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)

function libcOf(words: readonly string[], name: string, os: string): { libc?: string[] } {
  if (words.includes('musl')) return { libc: ['musl'] }
  return words.includes('gnu') || (name.startsWith('@biomejs/') && os === 'linux') ? { libc: ['glibc'] } : {}
}
