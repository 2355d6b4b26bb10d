/** A series of latencies to draw. */
export interface Drawn {
  readonly name: string
  readonly sorted: Float64Array
}

const [width, height, left, bottom] = [640, 220, 44, 34]
const tones = ['#2563eb', '#94a3b8']

/**
 * Latencies by how often each occurred, on a logarithmic axis, with limits as lines: SVG that stands by itself and is
 * drawn in the colour of the text around it. Requests without an answer are told in words.
 */
export function histogram(
  series: readonly Drawn[],
  limits: readonly { readonly name: string; readonly ms: number }[],
): string {
  const finite = series.flatMap(({ sorted }) => [
    sorted.find(Number.isFinite),
    sorted.findLast(Number.isFinite),
  ])
  const known = finite.filter((value) => value !== undefined)
  if (known.length === 0) return ''
  const ends = [...known, ...limits.map(({ ms }) => ms)].map((value) => Math.log10(Math.max(value, 0.01)))
  const [from, to] = [Math.floor(Math.min(...ends) * 4) / 4, Math.ceil(Math.max(...ends) * 4) / 4 + 0.05]
  const bins = 80
  const x = (value: number) =>
    left + ((Math.log10(Math.max(value, 0.01)) - from) / (to - from)) * (width - left - 8)
  const counted = series.map(({ sorted }) => {
    const counts = new Float64Array(bins)
    for (const value of sorted)
      if (Number.isFinite(value)) {
        const bin = Math.floor(((Math.log10(Math.max(value, 0.01)) - from) / (to - from)) * bins)
        counts[Math.min(bins - 1, Math.max(0, bin))]! += 1 / sorted.length
      }
    return counts
  })
  const most = Math.max(...counted.flatMap((counts) => [...counts]))
  const y = (share: number) => height - bottom - (share / most) * (height - bottom - 16)
  const bar = (width - left - 8) / bins
  const bars = counted.map((counts, s) =>
    Array.from(counts, (share, i) =>
      share === 0
        ? ''
        : `<rect x="${f(left + i * bar)}" y="${f(y(share))}" width="${f(bar - 0.5)}" height="${f(height - bottom - y(share))}" fill="${tones[s]}" fill-opacity="${s === 0 ? 0.8 : 0.5}"/>`,
    ).join(''),
  )
  const ticks = Array.from(
    { length: Math.floor(to) - Math.ceil(from) + 1 },
    (_, i) => 10 ** (Math.ceil(from) + i),
  )
  const axis = ticks.map(
    (tick) =>
      `<line x1="${f(x(tick))}" x2="${f(x(tick))}" y1="${height - bottom}" y2="${height - bottom + 4}" stroke="currentColor"/><text x="${f(x(tick))}" y="${height - bottom + 16}" text-anchor="middle">${tick}</text>`,
  )
  const lines = limits.map(
    ({ name, ms }, i) =>
      `<line x1="${f(x(ms))}" x2="${f(x(ms))}" y1="4" y2="${height - bottom}" stroke="#dc2626" stroke-dasharray="4 3"/><text x="${f(x(ms) - 4)}" y="${12 + 12 * i}" text-anchor="end" fill="#dc2626">${name} ≤ ${ms} ms</text>`,
  )
  const names = series.map(({ name, sorted }, s) => {
    const lost = sorted.filter((value) => !Number.isFinite(value)).length
    const without = lost === 0 ? '' : `, ${lost} without an answer`
    return `<rect x="${left + s * 240}" y="${height - 10}" width="10" height="8" fill="${tones[s]}"/><text x="${left + 14 + s * 240}" y="${height - 3}">${name} (${sorted.length}${without})</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Latencies in milliseconds" font-family="system-ui, sans-serif" font-size="11" fill="currentColor" style="max-width:100%">${bars.toReversed().join('')}<line x1="${left}" x2="${width - 8}" y1="${height - bottom}" y2="${height - bottom}" stroke="currentColor"/>${axis.join('')}<text x="${width - 8}" y="${height - bottom + 16}" text-anchor="end">ms</text>${lines.join('')}${names.join('')}</svg>`
}

const f = (value: number) => value.toFixed(1)
