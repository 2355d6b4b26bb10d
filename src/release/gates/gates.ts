import { calibrationGate } from './calibration/gate.ts'
import { championGate } from './champion/gate.ts'
import { dataBalanceGate } from './data-balance/gate.ts'
import { dataQuality } from './data-quality/gate.ts'
import { explanationsGate } from './explanations/gate.ts'
import { fairnessGate } from './fairness/gate.ts'
import type { Gate } from './gate.ts'
import { load } from './load/gate.ts'
import { retrain } from './retrain/gate.ts'
import { signature } from './signature/gate.ts'
import { supplyChain } from './supply-chain/gate.ts'
import { integrationTests } from './tests/integration.ts'
import { unitTests } from './tests/unit.ts'

/** Every kind of gate, in the order in which a stage asks them. Add a gate here. */
export const gates: readonly Gate<never>[] = [
  supplyChain as Gate<never>,
  dataQuality as Gate<never>,
  dataBalanceGate as Gate<never>,
  signature as Gate<never>,
  unitTests as Gate<never>,
  integrationTests as Gate<never>,
  retrain as Gate<never>,
  championGate as Gate<never>,
  fairnessGate as Gate<never>,
  calibrationGate as Gate<never>,
  explanationsGate as Gate<never>,
  load as Gate<never>,
]
