/**
 * Seconds of an ISO 8601 duration (`PT5M`, `P1DT2H`, `PT0.5S`), or of a plain number of seconds as it stands in YAML.
 * Years and months have no fixed length: they are refused like anything else that is no duration, by undefined.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined
  if (typeof value !== 'string') return undefined
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value)
  const match = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(
    value.trim(),
  )
  const parts = match?.slice(1)
  if (!parts || parts.every((p) => p === undefined)) return undefined
  const [weeks, days, hours, minutes, seconds] = parts.map((p) => Number(p ?? 0))
  return (((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}
