import { legacy, newest, type Revision } from '@interlock/protocol'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { cells } from './cells/index.ts'
import { type Hop, hop, type Way, way } from './way.ts'

const [latest = newest] = legacy
const oldest = legacy.at(-1) ?? newest

/** Both ends over stdio: the eras crossed both ways, and each with itself. */
const pairs: readonly (readonly [Revision, Revision])[] = [
  [oldest, newest],
  [newest, oldest],
  [newest, latest],
  [latest, latest],
  [newest, newest],
]

describe.each(pairs.map(([near, far]) => ({ near, far, title: `${near.version} and ${far.version}` })))(
  'a client and a server of $title, over stdio',
  ({ near, far }) => {
    let inner: Hop
    let open: Way & AsyncDisposable

    beforeAll(async () => {
      inner = await hop(far, 'stdio')
      open = await way(near, inner)
    })
    afterAll(async () => {
      await open[Symbol.asyncDispose]()
      await inner[Symbol.asyncDispose]()
    })

    test.each(cells.filter(({ where }) => where?.(near, far) ?? true))('$title', cell => cell.run(open))
  },
)
