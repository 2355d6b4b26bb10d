import { deliver } from './deliver.ts'
import type { Deliver, RollBack } from './delivery.ts'
import { rollBack } from './roll-back.ts'

/** How what was released comes to callers, and back. */
export const deliveries: { readonly deliver: Deliver; readonly rollBack: RollBack } = { deliver, rollBack }
