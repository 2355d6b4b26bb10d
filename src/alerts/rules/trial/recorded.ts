import type { Series, SeriesQuery, Step } from '../../../kernel/telemetry/series.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** How long minutes and hours of measurements are kept, less an interval that is being forgotten. */
const kept = { minuteMs: 3 * day - hour, hourMs: 60 * day - day }

/** The finest step in which measurements of a time are still there now. */
export const stepAt = (at: number, now: number) =>
  now - at <= kept.minuteMs ? 'minute' : now - at <= kept.hourMs ? 'hour' : 'day'

/**
 * Series as they were, read once and then asked about one time after another: a question is answered in the finest step that
 * is still kept of its window, which for what is long ago is an hour or a day, and then begins where that does.
 */
export function recordedSeries(
  series: Pick<Series, 'query'>,
  { from, now }: { readonly from: number; readonly now: number },
): Pick<Series, 'query'> {
  const read = new Map<string, ReturnType<Series['query']>>()
  const all = ({ name, scope }: SeriesQuery, step: Step) => {
    const key = `${step} ${scope ?? ''} ${name}`
    const known = read.get(key)
    if (known !== undefined) return known
    const asked = series.query({
      name,
      ...(scope === undefined ? {} : { scope }),
      from: new Date(from),
      to: new Date(now),
      step,
    })
    read.set(key, asked)
    return asked
  }
  return {
    async query(query) {
      const step = stepAt(query.from.getTime(), now)
      const ms = { minute, hour, day }[step]
      const begin = Math.floor(query.from.getTime() / ms) * ms
      const { lines } = await all(query, step)
      const where = Object.entries(query.where ?? {})
      return {
        step,
        lines: lines
          .filter(({ labels }) => where.every(([label, value]) => labels[label] === value))
          .map((line) => ({ ...line, points: within(line.points, begin, query.to.getTime()) }))
          .filter(({ points }) => points.length > 0),
      }
    },
  }
}

/** Those of points in the order of time that begin in `[from, to)`. */
function within<P extends { readonly at: Date }>(
  points: readonly P[],
  from: number,
  to: number,
): readonly P[] {
  return points.slice(firstFrom(points, from), firstFrom(points, to))
}

/** The place of the first point that does not begin before a time. */
function firstFrom(points: readonly { readonly at: Date }[], time: number): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.at.getTime() ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}
