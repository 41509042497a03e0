import type { FaceKind } from './face.ts'
import { ownLegacy, ownModern } from './own.ts'
import { v1 } from './v1.ts'
import { v2Legacy, v2Modern } from './v2.ts'

export type { Answer, Face, FaceKind, Notice, OnElicit, Way } from './face.ts'
export { textOf } from './face.ts'
export { ownLegacy, ownModern, v1, v2Legacy, v2Modern }

/** Every client, in every era that it speaks. */
export const faces: readonly FaceKind[] = [v1, v2Legacy, v2Modern, ownModern, ownLegacy]
