/**
 * Shares with one of them changed: the others give or take in proportion to what they have, in whole percents that sum up
 * to 100. Where the others have nothing, the first of them takes what is left.
 */
export function shared(
  traffic: Readonly<Record<string, number>>,
  changed: string,
  share: number,
): Record<string, number> {
  const own = Math.min(100, Math.max(0, Math.round(share)))
  const others = Object.keys(traffic).filter((name) => name !== changed)
  if (others.length === 0) return { [changed]: own }
  const had = others.reduce((sum, name) => sum + (traffic[name] ?? 0), 0)
  const left = 100 - own
  const exact = others.map((name, i) =>
    had === 0 ? (i === 0 ? left : 0) : ((traffic[name] ?? 0) / had) * left,
  )
  const whole = exact.map(Math.floor)
  // What rounding leaves goes to those who lost most by it.
  const order = exact
    .map((value, i) => ({ i, lost: value - Math.floor(value) }))
    .sort((a, b) => b.lost - a.lost)
  const missing = left - whole.reduce((sum, value) => sum + value, 0)
  for (const { i } of order.slice(0, missing)) whole[i] = (whole[i] ?? 0) + 1
  const result = new Map(others.map((name, i) => [name, whole[i] ?? 0]))
  return Object.fromEntries(
    Object.keys(traffic).map((name) => [name, name === changed ? own : (result.get(name) ?? 0)]),
  )
}
