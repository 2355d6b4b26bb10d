import type { ReactNode } from 'react'
import type { Endpoint } from '../../api/endpoints.ts'
import { hasEnded, type Job } from '../../api/jobs.ts'
import type { Model } from '../../api/models.ts'
import type { MonitorSummary } from '../../api/monitors.ts'
import type { Release } from '../../api/releases.ts'
import type { Resource } from '../../api/resource.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import {
  IconActivity,
  IconBox,
  IconDatabase,
  IconFlask,
  IconPlayerPlay,
  IconPlugConnected,
  IconRocket,
} from '../../parts/icons.ts'
import { plural } from '../../words/names.ts'
import style from './loops.module.css'

/** The left loop makes models, the right one brings them to where they count; models are where the two meet. */
const inner =
  'M500 130C440 40 360 30 270 30C150 30 70 70 70 130C70 190 150 230 270 230C360 230 440 220 500 130'
const outer =
  'M500 130C560 40 640 30 730 30C850 30 930 70 930 130C930 190 850 230 730 230C640 230 560 220 500 130'

/** The two loops as they stand: what there is at each station, and what moves. */
export function Loops({
  data,
  jobs,
  models,
  releases,
  endpoints,
  monitors,
}: {
  readonly data: readonly Resource[]
  readonly jobs: readonly Job[]
  readonly models: readonly Model[]
  readonly releases: readonly Release[]
  readonly endpoints: readonly Endpoint[]
  readonly monitors: readonly MonitorSummary[]
}) {
  const to = usePaths()
  const running = jobs.filter(({ properties }) => !hasEnded(properties.status)).length
  const open = releases.filter(({ properties }) => properties.phase === 'open')
  const moving = open.filter(
    ({ properties }) => properties.state === 'running' || properties.state === 'delivering',
  ).length
  const waiting = open.filter(({ properties }) => properties.state === 'waiting').length
  const blocked = open.filter(({ properties }) => properties.state === 'blocked').length
  const champions = models.filter(({ properties }) => properties.aliases?.['champion'] !== undefined).length
  const ready = endpoints.filter(({ properties }) => properties.provisioningState === 'Succeeded').length
  const beyond = monitors.filter(({ verdict }) => verdict === 'breached').length
  const within = monitors.filter(({ verdict }) => verdict === 'ok').length
  return (
    <section className={style.loops} aria-label="The two loops">
      <svg viewBox="0 0 1000 260" preserveAspectRatio="none" aria-hidden className={style.lines}>
        <path d={inner} className={style.line} />
        <path d={outer} className={style.line} />
        {running > 0 ? <path d={inner} className={style.moving} /> : null}
        {moving > 0 ? <path d={outer} className={style.moving} /> : null}
      </svg>
      <p className={style.title} style={{ left: '27%' }}>
        Inner loop
        <span>develops models</span>
      </p>
      <p className={style.title} style={{ left: '73%' }}>
        Outer loop
        <span>runs models</span>
      </p>
      <Station at={[7, 50]} name="Data" to={to.data} icon={<IconDatabase size={18} aria-hidden />}>
        {plural(data.length, 'asset')}
      </Station>
      <Station
        at={[27, 11]}
        name="Jobs"
        to={to.jobs}
        icon={<IconPlayerPlay size={18} aria-hidden />}
        {...(running > 0 ? { family: 'active' as const } : {})}
      >
        {running > 0 ? `${running} running now` : 'none runs'}
      </Station>
      <Station
        at={[27, 89]}
        name="Experiments"
        to={to.experiments}
        icon={<IconFlask size={18} aria-hidden />}
      >
        {plural(new Set(jobs.map(({ properties }) => properties.experimentName)).size, 'experiment')} lately
      </Station>
      <Station at={[50, 50]} name="Models" to={to.models} icon={<IconBox size={18} aria-hidden />}>
        {plural(models.length, 'model')}, {plural(champions, 'champion')}
      </Station>
      <Station
        at={[73, 11]}
        name="Releases"
        to={to.releases}
        icon={<IconRocket size={18} aria-hidden />}
        {...(blocked > 0
          ? { family: 'bad' as const }
          : waiting > 0
            ? { family: 'attention' as const }
            : moving > 0
              ? { family: 'active' as const }
              : {})}
      >
        {[
          blocked > 0 ? `${blocked} blocked` : '',
          waiting > 0 ? `${waiting} waiting` : '',
          moving > 0 ? `${moving} under way` : '',
        ]
          .filter(Boolean)
          .join(', ') || 'none open'}
      </Station>
      <Station
        at={[93, 50]}
        name="Endpoints"
        to={to.endpoints}
        icon={<IconPlugConnected size={18} aria-hidden />}
        {...(ready < endpoints.length
          ? { family: 'attention' as const }
          : ready > 0
            ? { family: 'ok' as const }
            : {})}
      >
        {endpoints.length === 0 ? 'none yet' : `${ready} of ${endpoints.length} ready`}
      </Station>
      <Station
        at={[73, 89]}
        name="Monitoring"
        to={to.monitoring}
        icon={<IconActivity size={18} aria-hidden />}
        {...(beyond > 0 ? { family: 'bad' as const } : within > 0 ? { family: 'ok' as const } : {})}
      >
        {monitors.length === 0
          ? 'nothing is watched'
          : beyond > 0
            ? `${beyond} of ${monitors.length} beyond`
            : `${within} of ${monitors.length} within`}
      </Station>
    </section>
  )
}

function Station({
  at: [left, top],
  name,
  to,
  icon,
  family,
  children,
}: {
  readonly at: readonly [number, number]
  readonly name: string
  readonly to: string
  readonly icon: ReactNode
  readonly family?: 'ok' | 'active' | 'attention' | 'bad'
  readonly children: ReactNode
}) {
  return (
    <div className={style.station} style={{ left: `${left}%`, top: `${top}%` }} data-family={family}>
      <Go to={to} className={style.stationLink}>
        <span className={style.icon}>{icon}</span>
        <span className={style.words}>
          <strong>{name}</strong>
          <span>{children}</span>
        </span>
      </Go>
    </div>
  )
}
