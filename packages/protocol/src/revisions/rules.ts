import { rules as to20241105 } from './2024-11-05/rules.ts'
import { rules as to20250326 } from './2025-03-26/rules.ts'
import { rules as to20250618 } from './2025-06-18/rules.ts'
import { rules as to20251125 } from './2025-11-25/rules.ts'
import type { LoweringRule } from './lowering-rule.ts'
import type { Version } from './version.ts'

export type { LoweringRule } from './lowering-rule.ts'

const byVersion: Readonly<Record<Version, readonly LoweringRule[]>> = {
  '2026-07-28': [],
  '2025-11-25': to20251125,
  '2025-06-18': to20250618,
  '2025-03-26': to20250326,
  '2024-11-05': to20241105,
}

/** What the step from the next newer revision to this one does, in words. For documentation and tests: no code runs by it. */
export const rulesOf = (version: Version): readonly LoweringRule[] => byVersion[version]
