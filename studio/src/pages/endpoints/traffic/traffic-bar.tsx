import style from '../endpoints.module.css'

/** Shares of the traffic as one bar, with their words below. */
export function TrafficBar({
  traffic,
  mirror = {},
}: {
  readonly traffic: Readonly<Record<string, number>>
  readonly mirror?: Readonly<Record<string, number>>
}) {
  const shares = Object.entries(traffic).filter(([, share]) => share > 0)
  const copies = Object.entries(mirror).filter(([, share]) => share > 0)
  if (shares.length === 0) return <span className="muted">takes no traffic</span>
  return (
    <span className={style.traffic}>
      <span className={style.bar} aria-hidden>
        {shares.map(([name, share], i) => (
          <span key={name} style={{ width: `${share}%`, background: `var(--series-${(i % 6) + 1})` }} />
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
