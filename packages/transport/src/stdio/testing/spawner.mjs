// Starts stubborn.mjs below itself, prints its process id, and ends when its input does.
//   spawner.mjs group      a child in the same process group
//   spawner.mjs session    a child in a session of its own
//   spawner.mjs orphan     a grandchild in a session of its own whose parent has ended
//   spawner.mjs bare       the same without any environment, in our process group
//   spawner.mjs leave      as group, but exits with code 0 at once
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const stubborn = fileURLToPath(new URL('stubborn.mjs', import.meta.url))
const how = process.argv[2]
const own = fileURLToPath(import.meta.url)

if (how === 'orphan' || how === 'bare') {
  const middle = spawn(process.execPath, [own, how === 'orphan' ? 'middle' : 'bare-middle'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  middle.on('exit', () => process.stdout.write('orphaned\n'))
} else {
  const child = spawn(process.execPath, [stubborn], {
    detached: how === 'session' || how === 'middle',
    stdio: how.endsWith('middle') ? ['ignore', 'pipe', 'ignore'] : ['inherit', 'pipe', 'inherit'],
    ...(how === 'bare-middle' && { env: {} }),
  })
  child.stdout.once('data', data => {
    process.stdout.write(data)
    if (how.endsWith('middle') || how === 'leave') process.exit(0)
  })
}
if (!how.endsWith('middle')) process.stdin.on('end', () => process.exit(0)).resume()
