import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** A process that another one has started. */
export interface Descendant {
  readonly pid: number
  readonly command: string
}

/** All that a process has started and that run now, theirs included; none where there is no /proc. */
export function descendants(pid: number): Descendant[] {
  const all = running()
  const found: Descendant[] = []
  const parents = new Set([pid])
  // A child has a larger id than its parent until ids begin anew, hence as often as something is found.
  for (let before = -1; before < found.length; ) {
    before = found.length
    for (const { pid: child, parent, command } of all) {
      if (!parents.has(parent) || parents.has(child)) continue
      parents.add(child)
      found.push({ pid: child, command })
    }
  }
  return found
}

function running(): (Descendant & { readonly parent: number })[] {
  try {
    const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
    return pids.flatMap(name => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The second field is the name in parentheses and may hold anything; the parent is the fourth.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return [{ pid: Number(name), parent, command }]
      } catch {
        return [] // it has ended meanwhile
      }
    })
  } catch {
    return []
  }
}

/** Memory that is in use of a process, in MB; undefined where there is no /proc. */
export function residentMb(pid: number): number | undefined {
  return memoryMb(pid, 'VmRSS')
}

/** The most memory that a process ever had in use, or since `forgetPeak`. */
export function peakMb(pid: number): number | undefined {
  return memoryMb(pid, 'VmHWM')
}

/** From now on the peak is measured anew, where the system can do that. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // The peak is that of its whole life then.
  }
}

function memoryMb(pid: number, field: string): number | undefined {
  try {
    const kB = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kB === undefined ? undefined : Number(kB) / 1024
  } catch {
    return undefined
  }
}
