// Run in a process of its own: swaps a name for a link and back in a loop until its parent lets go of it.
import { lstatSync, renameSync, symlinkSync } from 'node:fs'

const [path = '', target = ''] = process.argv.slice(2)
const [kept, link] = [`${path}.kept`, `${path}.link`]
let asides = 0

symlinkSync(target, link)
process.on('disconnect', () => process.exit())
process.send?.('ready')

function swap(): void {
  for (let round = 0; round < 100; round++) {
    renameSync(path, kept)
    tryTo(() => {
      renameSync(link, path)
      renameSync(path, link)
    })
    while (!tryTo(() => renameSync(kept, path)) && !tryTo(makeRoom));
  }
  setImmediate(swap)
}

/** The server may have made something under the name while it was away: moves that aside, link or not. */
function makeRoom(): void {
  renameSync(path, lstatSync(path).isSymbolicLink() ? link : `${path}.aside-${asides++}`)
  renameSync(kept, path)
}

function tryTo(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

swap()
