import type { Folder } from '../compose.ts'
import { serverReceives as compiled } from './compiled.gen.ts'
import { methods, serverReceives as text } from './definitions.gen.ts'
import { features } from './features.ts'
import { lower } from './lower.ts'

/** This folder as one value; `lower` is the step from the next newer revision until `compose` joins the steps. */
export const revision: Folder = {
  version: '2024-11-05',
  features,
  lower,
  lift: {},
  methods,
  serverReceives: { text, compiled },
}
