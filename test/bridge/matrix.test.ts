import { revisions } from '@interlock/protocol'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { cells } from './cells/index.ts'
import { type Hop, hop, type Way, way } from './way.ts'

/** Every pair of revisions over HTTP, every feature. What is to arrive follows from what the two revisions can express. */
describe.each(revisions)('a server of $version', far => {
  let inner: Hop

  beforeAll(async () => {
    inner = await hop(far, 'http')
  })
  afterAll(() => inner[Symbol.asyncDispose]())

  describe.each(revisions)('for a client of $version', near => {
    let open: Way & AsyncDisposable

    beforeAll(async () => {
      open = await way(near, inner)
    })
    afterAll(() => open[Symbol.asyncDispose]())

    test.each(cells.filter(({ where }) => where?.(near, far) ?? true))('$title', cell => cell.run(open))
  })
})
