/**
 * Milliseconds of an ISO 8601 duration such as `PT5S`, `PT0.5S`, `PT1M30S` or `P1D`. Undefined for anything else, and
 * for years and months, which have no fixed length.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text.trim())
  const parts = match?.slice(1)
  if (parts === undefined || parts.every((part) => part === undefined)) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
