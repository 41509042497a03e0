/** What the tools of the `payload` section do: `sink` takes a text and gives its length, `blob` gives a text of n bytes. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { text10k } from './shared.js'

/** Length of the texts that will be asked for; a contestant then has these tools instead of its usual ones. */
const bytes = Number(process.env.PAYLOAD ?? 0)

export const isPayload = bytes > 0

export const description = { sink: 'Gives the length of its text', blob: 'Gives a text of that many bytes' }

const made = isPayload ? Buffer.alloc(bytes, text10k).toString('latin1') : ''

/** Made before the first call and whole in memory, so that nobody pays for its making within a call. */
export const blob = wanted => made.slice(0, wanted)

/** Without what was left over from starting, memory above idle is what the messages take. */
if (isPayload) {
  setFlagsFromString('--expose-gc')
  setTimeout(runInNewContext('gc'), 200).unref()
}
