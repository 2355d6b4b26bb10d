import { Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import {
  IconActivity,
  IconBell,
  IconBox,
  IconDatabase,
  IconFlask,
  IconHome,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlus,
  IconPuzzle,
  IconRocket,
  IconSettings,
  IconStack2,
} from '../parts/icons.ts'
import { useLocation } from '@tanstack/react-router'
import { Go } from '../parts/go.tsx'
import { Mark } from './mark.tsx'
import { usePaths } from './workspace.ts'
import style from './frame.module.css'

/** The places of Studio, in the order of the two loops. `key` opens it after `g`. */
export const usePlaces = () => {
  const to = usePaths()
  return [
    { name: 'Home', to: to.home, Icon: IconHome, key: 'h', group: '' },
    { name: 'New …', to: to.making, Icon: IconPlus, key: 'w', group: '' },
    { name: 'Data', to: to.data, Icon: IconDatabase, key: 'd', group: 'Inner loop' },
    { name: 'Experiments', to: to.experiments, Icon: IconFlask, key: 'x', group: 'Inner loop' },
    { name: 'Jobs', to: to.jobs, Icon: IconPlayerPlay, key: 'j', group: 'Inner loop' },
    { name: 'Models', to: to.models, Icon: IconBox, key: 'm', group: 'Inner loop' },
    { name: 'Environments', to: to.environments, Icon: IconStack2, key: 'n', group: 'Inner loop' },
    { name: 'Components', to: to.components, Icon: IconPuzzle, key: 'c', group: 'Inner loop' },
    { name: 'Releases', to: to.releases, Icon: IconRocket, key: 'r', group: 'Outer loop' },
    { name: 'Endpoints', to: to.endpoints, Icon: IconPlugConnected, key: 'e', group: 'Outer loop' },
    { name: 'Monitoring', to: to.monitoring, Icon: IconActivity, key: 'o', group: 'Outer loop' },
    { name: 'Alerts', to: to.alerts, Icon: IconBell, key: 'a', group: 'Outer loop' },
    { name: 'Admin', to: to.admin, Icon: IconSettings, key: 's', group: 'House' },
  ] as const
}

export function Rail() {
  const places = usePlaces()
  const [isNarrow, setNarrow] = useLocalStorage({ key: 'twinloop.narrow', defaultValue: false })
  const home = places[0].to
  return (
    <nav className={style.rail} data-narrow={isNarrow} aria-label="Places">
      <Go to={home} className={style.brand} label="Twinloop, home">
        <Mark />
        <span className={style.word}>Twinloop</span>
      </Go>
      <Places isNarrow={isNarrow} />
      <div className={style.bottom}>
        <button
          type="button"
          className={`${style.item} ${style.collapse}`}
          onClick={() => setNarrow(!isNarrow)}
        >
          {isNarrow ? (
            <IconLayoutSidebarLeftExpand size={17} aria-hidden />
          ) : (
            <IconLayoutSidebarLeftCollapse size={17} aria-hidden />
          )}
          <span className={style.word}>Collapse</span>
          <span className="visually-hidden">{isNarrow ? 'Expand the rail' : ''}</span>
        </button>
      </div>
    </nav>
  )
}

/** The places under the names of their groups; `isNarrow`: icons alone, their names beside the pointer. */
export function Places({ isNarrow = false }: { readonly isNarrow?: boolean }) {
  const places = usePlaces()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const home = places[0].to
  const to = usePaths()
  // Pages of a place whose addresses are not below its own.
  const beside: Readonly<Record<string, readonly string[]>> = {
    [to.jobs]: [to.schedules, to.queue, to.compareJobs],
  }
  const isHere = (place: string) =>
    place === home
      ? path.replace(/\/$/, '') === home
      : [place, ...(beside[place] ?? [])].some((one) => path.startsWith(one))
  return (
    <div className={style.places}>
      {['', 'Inner loop', 'Outer loop', 'House'].map((group) => {
        const some = places.filter((place) => place.group === group)
        if (some.length === 0) return null
        return (
          <div key={group}>
            {group === '' ? null : <p className={style.group}>{group}</p>}
            <ul>
              {some.map(({ name, to: place, Icon }) => (
                <li key={name}>
                  <Tooltip label={name} position="right" disabled={!isNarrow}>
                    <span>
                      <Go to={place} className={style.item} label={name}>
                        <span
                          className={style.item}
                          data-here={isHere(place)}
                          style={{ margin: '0 -8px', flex: 1 }}
                        >
                          <Icon size={17} stroke={1.75} aria-hidden />
                          <span className={style.word}>{name}</span>
                        </span>
                      </Go>
                    </span>
                  </Tooltip>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </div>
  )
}
