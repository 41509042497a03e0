import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { hostMarker } from './tree.ts'

/**
 * Sees to it that no server outlives this process, even one ended by SIGKILL: a small shell script in a session of its
 * own is told which servers run, and when its standard input closes, it ends those that are left. There is one script
 * however many servers; it starts with the first and ends with us, at once if nothing is left. It holds nothing of ours
 * open and does not keep the event loop alive.
 *
 * Without /bin/sh, and on Windows, there is no guard, and servers depend on noticing that their input has closed.
 */
export class OrphanGuard {
  readonly #marker: string
  readonly #servers: Map<number, string> = new Map()
  #script: ChildProcess | undefined

  /** `marker` is a string that stands in the environment of our servers and their descendants, and in no other. */
  constructor(marker: string) {
    this.#marker = marker
  }

  /** The process id of the script, while it runs. */
  get pid(): number | undefined {
    return this.#script?.pid
  }

  /** Starts the script unless it runs. Called before a server is started, which is then found by the marker at least. */
  start(): void {
    if (this.#script !== undefined || process.platform === 'win32') return
    const path = ['/usr/bin:/bin', process.env.PATH].filter(Boolean).join(':')
    const guard = spawn('/bin/sh', ['-c', script, 'interlock-orphan-guard'], {
      cwd: '/',
      detached: true,
      env: { PATH: path, LC_ALL: 'C' },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#script = guard
    const forget = () => {
      if (this.#script === guard) this.#script = undefined
    }
    guard.on('error', forget)
    guard.on('exit', forget)
    guard.stdin?.on('error', forget)
    guard.unref()
    if (guard.stdin instanceof Socket) guard.stdin.unref()
    this.#tell(this.#marker)
    for (const line of this.#servers.values()) this.#tell(line)
  }

  /** A server runs as leader of the group `pid`; `started` is its start time as in /proc, where there is one. */
  add(pid: number, started: number | undefined): void {
    const line = `+ ${pid} ${started ?? ''}`
    this.#servers.set(pid, line)
    if (this.#script === undefined) this.start()
    else this.#tell(line)
  }

  /** Nothing is left of that server. */
  remove(pid: number): void {
    if (this.#servers.delete(pid)) this.#tell(`- ${pid}`)
  }

  /** Ends the servers that are left, as the end of this process would. */
  close(): void {
    this.#script?.stdin?.end()
    this.#script = undefined
    this.#servers.clear()
  }

  #tell(line: string): void {
    if (this.#script?.stdin?.writable) this.#script.stdin.write(`${line}\n`)
  }
}

/** The guard of this process. */
export const orphanGuard: OrphanGuard = new OrphanGuard(hostMarker)

/**
 * A group is signalled only if its leader is the process that was started (the 22nd field of its `stat` is the start
 * time) or is gone; the marker finds, on Linux, those who left their group. The marker comes through standard input, so
 * that it does not stand in the script's own environment. POSIX shell; `grep` and `sleep` are its only programs.
 */
const script = `
trap '' HUP INT QUIT TERM PIPE
read -r marker || exit 0
servers=
while read -r change pid started; do
  left=
  for server in $servers; do
    [ "\${server%%:*}" = "$pid" ] || left="$left $server"
  done
  servers=$left
  [ "$change" = + ] && servers="$servers $pid:$started"
done

is_ours() {
  [ -n "$2" ] && [ -r "/proc/$1/stat" ] && read -r stat < "/proc/$1/stat" || return 0
  set -- "$2" \${stat##*) }
  [ "$1" = "\${21}" ]
}

signal_all() {
  signal=$1
  groups=
  signalled=
  for server in $servers; do
    pid=\${server%%:*}
    is_ours "$pid" "\${server#*:}" && kill -s "$signal" -- "-$pid" && groups="$groups $pid " && signalled=yes
  done
  [ -r /proc/self/environ ] || return 0
  for file in $(grep -lsF -e "$marker" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    pid=\${pid%/environ}
    read -r stat < "/proc/$pid/stat" || continue
    set -- \${stat##*) }
    case $groups in *" $3 "*) continue ;; esac
    [ "$pid" -gt 1 ] && [ "$pid" != "$$" ] && kill -s "$signal" "$pid" && signalled=yes
  done
}

signal_all TERM
tenths=0
while [ -n "$signalled" ] && [ "$tenths" -lt 10 ]; do
  sleep 0.1 || { sleep 1; tenths=10; }
  tenths=$((tenths + 1))
  signal_all 0
done
tries=0
while [ -n "$signalled" ] && [ "$tries" -lt 5 ]; do
  signal_all KILL
  sleep 0.1 || sleep 1
  tries=$((tries + 1))
done
exit 0
`
