import { useEffect, useState } from 'react'
import { useSettings } from './settings.ts'
import { between, duration, when } from '../words/time.ts'

/** The time now, anew every so many milliseconds. */
export function useNow(everyMs = 1000): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** When something was; the exact time in its own zone and in UTC on hover, and for the clipboard by a click. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  const now = useNow(10_000)
  const { zone } = useSettings()
  if (!at) return <span className="muted">–</span>
  const time = new Date(at)
  const exact = `${time.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long' })}\n${time.toISOString()}`
  return (
    <time dateTime={time.toISOString()} title={exact} className="tabular">
      {when(time, now, zone)}
    </time>
  )
}

/** How long something took, or has been taking, counting on while it does. */
export function Took({
  from,
  to,
}: {
  readonly from: string | null | undefined
  readonly to?: string | null | undefined
}) {
  return from && !to ? <Ticking from={from} /> : <Still ms={between(from, to, new Date(0))} />
}

function Ticking({ from }: { readonly from: string }) {
  const now = useNow(1000)
  const ms = Math.max(0, between(from, undefined, now) ?? 0)
  // Tenths of a second would only flicker.
  return (
    <span className="tabular">
      {duration(Math.floor(ms / 1000) * 1000)
        .replace('.0 s', ' s')
        .replace(/^0 ms$/, '0 s')}
    </span>
  )
}

const Still = ({ ms }: { readonly ms: number | undefined }) => <span className="tabular">{duration(ms)}</span>
