import type { FeatureName } from '../../tools/bridge/table.ts'
import { callRuns } from './call-runs.ts'
import type { Run } from './cell.ts'
import { extensionRuns } from './extension-runs.ts'
import { listRuns } from './list-runs.ts'
import { pageRuns } from './page-runs.ts'
import { payloadRuns } from './payload-runs.ts'
import { questionRuns } from './question-runs.ts'

/** How each feature of the table is tried. A feature without a row here is a type error. */
export const runs: Readonly<Record<FeatureName, Run>> = {
  ...callRuns,
  ...listRuns,
  ...extensionRuns,
  ...questionRuns,
  ...pageRuns,
  ...payloadRuns,
}
