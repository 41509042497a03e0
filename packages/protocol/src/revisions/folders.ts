import { revision as revision20241105 } from './2024-11-05/revision.ts'
import { revision as revision20250326 } from './2025-03-26/revision.ts'
import { revision as revision20250618 } from './2025-06-18/revision.ts'
import { revision as revision20251125 } from './2025-11-25/revision.ts'
import { revision as revision20260728 } from './2026-07-28/revision.ts'
import type { Folder } from './compose.ts'

/** Every revision, newest first. A new one is a folder, a row here, and one in `client-parts.ts`. */
export const folders: readonly [Folder, ...Folder[]] = [
  revision20260728,
  revision20251125,
  revision20250618,
  revision20250326,
  revision20241105,
]
