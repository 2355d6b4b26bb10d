/** What an interval plot has to make room for. */
export interface Extent {
  readonly values: readonly number[]
  readonly logarithmic?: boolean
}

/** Where values stand, as shares of the width, and the ticks below. */
export interface Scale {
  /** Within 0 and 1, however far beyond the axis a value is. */
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

/** An axis that holds all values with a little room at both ends; round ticks, powers of ten where it is logarithmic. */
export function scaleOf({ values, logarithmic = false }: Extent): Scale {
  const usable = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0))
  const project = logarithmic ? Math.log10 : (value: number) => value
  const all = usable.length === 0 ? [0, 1] : usable.map(project)
  const [least, most] = [Math.min(...all), Math.max(...all)]
  const room = (most - least || Math.abs(most) || 1) * 0.06
  const [from, to] = [least - room, most + room]
  const place = (value: number) => {
    const at = logarithmic && value <= 0 ? -Infinity : project(value)
    return Math.min(1, Math.max(0, (at - from) / (to - from)))
  }
  const powers = logarithmic ? decades(from, to) : []
  if (powers.length > 1) return { place, ticks: powers }
  return { place, ticks: logarithmic ? rounds(10 ** from, 10 ** to) : rounds(from, to) }
}

/** Three to six round numbers within two others. */
function rounds(from: number, to: number): readonly number[] {
  const rough = (to - from) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Powers of ten within two of their logarithms, with 2 and 5 times them where those are few. */
function decades(from: number, to: number): readonly number[] {
  const factors = to - from > 2.5 ? [1] : to - from > 1 ? [1, 3] : [1, 2, 5]
  const powers = Array.from({ length: Math.ceil(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i)
  return powers
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))))
    .filter((tick) => Math.log10(tick) >= from && Math.log10(tick) <= to)
}
