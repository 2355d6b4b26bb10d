import style from '../endpoints.module.css'

/** Shares of the traffic as one bar, with their words below. */
export function TrafficBar({
  traffic,
  mirror = {},
}: {
  readonly traffic: Readonly<Record<string, number>>
  readonly mirror?: Readonly<Record<string, number>>
}) {
  // By name, so that a deployment has its colour however the traffic is written down.
  const shares = Object.entries(traffic)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, share], i) => [name, share, `var(--series-${(i % 6) + 1})`] as const)
    .filter(([, share]) => share > 0)
  const copies = Object.entries(mirror).filter(([, share]) => share > 0)
  if (shares.length === 0) return <span className="muted">takes no traffic</span>
  return (
    <span className={style.traffic}>
      <span className={style.bar} aria-hidden>
        {shares.map(([name, share, background]) => (
          <span key={name} style={{ width: `${share}%`, background }} />
        ))}
      </span>
      <span className={style.shares}>
        {shares.map(([name, share]) => `${name} ${share} %`).join(' · ')}
        {copies.length === 0
          ? ''
          : ` · mirrored to ${copies.map(([name, share]) => `${name} ${share} %`).join(', ')}`}
      </span>
    </span>
  )
}
