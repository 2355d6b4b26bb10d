const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long something took, in the two units that matter: `840 ms`, `12.4 s`, `3 m 05 s`, `2 h 14 m`, `3 d 4 h`. */
export function duration(ms: number | null | undefined): string {
  if (typeof ms !== 'number' || Number.isNaN(ms)) return '–'
  if (ms < 0) return '0 ms'
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < minute) return `${(ms / second).toFixed(1)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} m ${two((ms % minute) / second)} s`
  if (ms < day) return `${Math.floor(ms / hour)} h ${two((ms % hour) / minute)} m`
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`
}

const two = (value: number) => String(Math.floor(value)).padStart(2, '0')

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** When something was, as people say it: `4 min ago` within a day, then `21 Nov 14:02`, with the year if it is another. */
export function when(time: Date, now: Date, zone: 'local' | 'utc' = 'local'): string {
  const ago = now.getTime() - time.getTime()
  const size = Math.abs(ago)
  if (size < day) {
    const amount =
      size < 5 * second
        ? undefined
        : size < minute
          ? `${Math.floor(size / second)} s`
          : size < hour
            ? `${Math.floor(size / minute)} min`
            : `${Math.floor(size / hour)} h`
    if (amount === undefined) return 'just now'
    return ago > 0 ? `${amount} ago` : `in ${amount}`
  }
  const part = zone === 'utc' ? utcParts(time) : localParts(time)
  const nowYear = zone === 'utc' ? now.getUTCFullYear() : now.getFullYear()
  const clock = `${two(part.hour)}:${two(part.minute)}`
  return `${part.day} ${months[part.month] ?? ''}${part.year === nowYear ? '' : ` ${part.year}`} ${clock}`
}

const localParts = (time: Date) => ({
  day: time.getDate(),
  month: time.getMonth(),
  year: time.getFullYear(),
  hour: time.getHours(),
  minute: time.getMinutes(),
})
const utcParts = (time: Date) => ({
  day: time.getUTCDate(),
  month: time.getUTCMonth(),
  year: time.getUTCFullYear(),
  hour: time.getUTCHours(),
  minute: time.getUTCMinutes(),
})

/** Milliseconds between two ISO times; up to `now` where there is no end yet, undefined where there is no beginning. */
export function between(
  start: string | null | undefined,
  end: string | null | undefined,
  now: Date,
): number | undefined {
  if (!start) return undefined
  return (end ? Date.parse(end) : now.getTime()) - Date.parse(start)
}
