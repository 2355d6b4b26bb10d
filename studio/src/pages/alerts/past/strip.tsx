import { Go } from '../../../parts/go.tsx'
import { useNow } from '../../../parts/time.tsx'
import { duration, when } from '../../../words/time.ts'
import { plural } from '../../../words/names.ts'
import style from '../alerts.module.css'

export interface StripRow {
  readonly key: string
  readonly name: string
  readonly to?: string
  readonly spells: readonly {
    readonly state: 'pending' | 'firing'
    readonly from: number
    /** Where it is not over: the end of the strip. */
    readonly to: number
  }[]
}

/** From when to when things were pending or firing, one below the other on one axis of time. */
export function Strip({
  rows,
  from,
  to,
}: {
  readonly rows: readonly StripRow[]
  readonly from: number
  readonly to: number
}) {
  const share = (time: number) => (100 * (Math.min(Math.max(time, from), to) - from)) / Math.max(to - from, 1)
  const end = new Date(to)
  const now = useNow(60_000)
  return (
    <div className={style.strip}>
      {rows.map(({ key, name, to: page, spells }) => {
        const fired = spells.filter(({ state }) => state === 'firing')
        const lasted = fired.reduce((sum, spell) => sum + spell.to - spell.from, 0)
        const said =
          fired.length === 0
            ? 'never fired'
            : `fired ${plural(fired.length, 'time')}, ${duration(lasted)} in all`
        return (
          <div key={key} style={{ display: 'contents' }}>
            <span className={style.stripName} title={name}>
              {page === undefined ? name : <Go to={page}>{name}</Go>}
            </span>
            <div className={style.track} role="img" aria-label={`${name}: ${said}`} title={said}>
              {spells.map((spell) => (
                <span
                  key={`${spell.state} ${spell.from}`}
                  className={style.spell}
                  data-state={spell.state}
                  style={{
                    // What has just begun is to be seen, too: it is two pixels wide at least.
                    left: `min(${share(spell.from)}%, 100% - 2px)`,
                    width: `${share(spell.to) - share(spell.from)}%`,
                  }}
                />
              ))}
            </div>
          </div>
        )
      })}
      <div className={style.ends}>
        <span>{when(new Date(from), end)}</span>
        <span>{now.getTime() - to < 120_000 ? 'now' : when(end, now)}</span>
      </div>
    </div>
  )
}
