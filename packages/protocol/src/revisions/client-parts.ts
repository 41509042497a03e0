import type { Written } from '../definitions/definitions.ts'
import { clientReceives as compiled20241105 } from './2024-11-05/compiled.gen.ts'
import { clientReceives as text20241105 } from './2024-11-05/definitions.gen.ts'
import { clientReceives as compiled20250326 } from './2025-03-26/compiled.gen.ts'
import { clientReceives as text20250326 } from './2025-03-26/definitions.gen.ts'
import { clientReceives as compiled20250618 } from './2025-06-18/compiled.gen.ts'
import { clientReceives as text20250618 } from './2025-06-18/definitions.gen.ts'
import { clientReceives as compiled20251125 } from './2025-11-25/compiled.gen.ts'
import { clientReceives as text20251125 } from './2025-11-25/definitions.gen.ts'
import { clientReceives as compiled20260728 } from './2026-07-28/compiled.gen.ts'
import { clientReceives as text20260728 } from './2026-07-28/definitions.gen.ts'
import type { Version } from './version.ts'

/** The definitions of what only clients receive. Nothing that a server imports may import this. */
export const clientParts: Readonly<Record<Version, Written>> = {
  '2026-07-28': { text: text20260728, compiled: compiled20260728 },
  '2025-11-25': { text: text20251125, compiled: compiled20251125 },
  '2025-06-18': { text: text20250618, compiled: compiled20250618 },
  '2025-03-26': { text: text20250326, compiled: compiled20250326 },
  '2024-11-05': { text: text20241105, compiled: compiled20241105 },
}
