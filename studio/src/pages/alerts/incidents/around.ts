const hourMs = 3_600_000

/**
 * The time to look at around an incident: as long before it as it lasted, and as long after, an hour at least and three
 * days at most each, and nothing that is still to come. Times are ISO; `now` is in ms since 1970.
 */
export function around(
  { firedAt, resolvedAt }: { readonly firedAt: string; readonly resolvedAt: string | undefined },
  now: number,
): { readonly from: string; readonly to: string } {
  const fired = Date.parse(firedAt)
  const end = resolvedAt === undefined ? now : Date.parse(resolvedAt)
  const margin = Math.min(Math.max(end - fired, hourMs), 72 * hourMs)
  const iso = (time: number) => new Date(time).toISOString()
  return { from: iso(fired - margin), to: iso(Math.min(end + margin, now)) }
}
