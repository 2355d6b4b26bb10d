/** Batches of neighbouring requests by which it is seen how far they share their fate. */
const batches = 20

/**
 * By how much requests that were slow together are worth less than as many that were slow by themselves: the variance of
 * the counts of `events` in 20 batches of neighbours over that of independent ones (the design effect), never below 1.
 * 1 where there are too few to tell.
 */
export function designEffect(events: readonly boolean[]): number {
  const size = Math.floor(events.length / batches)
  const total = events.filter(Boolean).length
  const share = total / events.length
  if (size < 5 || total < 3 || share >= 1) return 1
  const counts = Array.from(
    { length: batches },
    (_, b) => events.slice(b * size, (b + 1) * size).filter(Boolean).length,
  )
  const mean = counts.reduce((sum, n) => sum + n, 0) / batches
  const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (batches - 1)
  return Math.max(1, variance / (size * share * (1 - share)))
}
