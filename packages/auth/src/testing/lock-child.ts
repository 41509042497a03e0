import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { withLock } from '../node/lock.ts'

// A process that competes for a lock: `count` adds to a number in a file, slowly and without care; `hold` never ends.
const [, , what, lock = '', file = '', rounds = '0'] = process.argv
if (what === 'count') {
  for (let round = 0; round < Number(rounds); round++) {
    await withLock(lock, async () => {
      const before = Number(await readFile(file, 'utf8'))
      await delay(Math.random() * 3)
      await writeFile(file, String(before + 1))
    })
  }
} else {
  await withLock(lock, async () => {
    process.stdout.write('held\n')
    await new Promise(resolve => process.stdin.resume().once('end', resolve))
  })
}
