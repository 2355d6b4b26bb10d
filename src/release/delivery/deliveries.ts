import type { Deliver, RollBack } from './delivery.ts'

/** How what was released comes to callers, and back. */
export const deliveries: { readonly deliver?: Deliver; readonly rollBack?: RollBack } = {}
