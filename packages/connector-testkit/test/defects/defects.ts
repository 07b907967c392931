import { contractDefects } from './contract-defects.ts'
import type { Defects } from './defect.ts'
import { detectionDefects } from './detection-defects.ts'
import { parallelDefects } from './parallel-defects.ts'
import { recoveryDefects } from './recovery-defects.ts'
import { troubleDefects } from './trouble-defects.ts'

/** Every planted defect. Those that lose data first. */
export const DEFECTS: Defects = { ...troubleDefects, ...recoveryDefects, ...detectionDefects, ...parallelDefects, ...contractDefects }
