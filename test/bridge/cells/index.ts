import type { Cell } from '../expectations.ts'
import { changeCells } from './changes.ts'
import { listCells } from './lists.ts'
import { questionCells } from './questions.ts'
import { resultCells } from './results.ts'
import { workingCells } from './working.ts'

export const cells: readonly Cell[] = [...resultCells, ...listCells, ...workingCells, ...questionCells, ...changeCells]
