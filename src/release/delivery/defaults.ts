import type { DeliveryStep } from '../plan/plan.ts'

const minutes = (count: number) => count * 60_000
const hours = (count: number) => minutes(60 * count)

/** The steps of a plan that says nothing of them. */
export const defaultSteps: readonly DeliveryStep[] = [1, 5, 10, 25, 50].map((weight) => ({
  weight,
  forMs: minutes(5),
}))

/** How long the former champion's deployment stays after a promotion, where the plan does not say. */
export const defaultKeepMs = hours(24)

/** How long the deployment of a candidate that failed stays, so that its logs can be read. */
export const failedKeepMs = hours(1)
