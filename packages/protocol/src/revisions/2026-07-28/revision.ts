import type { Folder } from '../compose.ts'
import { serverReceives as compiled } from './compiled.gen.ts'
import { methods, serverReceives as text } from './definitions.gen.ts'
import { features } from './features.ts'

/** This folder as one value. The newest revision is the model itself, so nothing is lowered. */
export const revision: Folder = {
  version: '2026-07-28',
  features,
  lower: {},
  lift: {},
  methods,
  serverReceives: { text, compiled },
}
