const hours = (count: number) => count * 60 * 60_000

/** How long the former champion's deployment stays after a promotion, where the plan does not say. */
export const defaultKeepMs = hours(24)

/** How long the deployment of a candidate that failed stays, so that its logs can be read. */
export const failedKeepMs = hours(1)
