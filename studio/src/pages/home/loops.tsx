import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Endpoint } from '../../api/endpoints.ts'
import { hasEnded, type Job } from '../../api/jobs.ts'
import type { Model, VersionProperties } from '../../api/models.ts'
import type { MonitorSummary } from '../../api/monitors.ts'
import { resourceQuery } from '../../api/queries.ts'
import { sharedQuery } from '../../api/registered.ts'
import type { Release } from '../../api/releases.ts'
import { namesIn, type Resource } from '../../api/resource.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import {
  IconActivity,
  IconBellBolt,
  IconBox,
  IconChecklist,
  IconDatabase,
  IconFlask,
  IconPlayerPlay,
  IconPlugConnected,
  IconRocket,
} from '../../parts/icons.ts'
import { useNow } from '../../parts/time.tsx'
import { plural } from '../../words/names.ts'
import { when } from '../../words/time.ts'
import { needs, type Situation } from './needs.ts'
import style from './loops.module.css'

/** The left loop makes models, the right one brings them to where they count; what is registered is where the two meet. */
const inner =
  'M500 130C440 40 360 30 270 30C150 30 70 70 70 130C70 190 150 230 270 230C360 230 440 220 500 130'
const outer =
  'M500 130C560 40 640 30 730 30C850 30 930 70 930 130C930 190 850 230 730 230C640 230 560 220 500 130'

type Family = 'ok' | 'active' | 'attention' | 'bad'

/** The two loops as they stand: what there is at each station, and what moves. */
export function Loops({
  data,
  jobs,
  models,
  releases,
  endpoints,
  monitors,
  situation,
}: {
  readonly data: readonly Resource[]
  readonly jobs: readonly Job[]
  readonly models: readonly Model[]
  readonly releases: readonly Release[]
  readonly endpoints: readonly Endpoint[]
  readonly monitors: readonly MonitorSummary[]
  readonly situation: Situation | undefined
}) {
  const to = usePaths()
  const running = jobs.filter(({ properties }) => !hasEnded(properties.status)).length
  const open = releases.filter(({ properties }) => properties.phase === 'open')
  const moving = open.filter(
    ({ properties }) => properties.state === 'running' || properties.state === 'delivering',
  ).length
  const waiting = open.filter(({ properties }) => properties.state === 'waiting').length
  const blocked = open.filter(({ properties }) => properties.state === 'blocked').length
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
      <Registered models={models} />
      <Station
        at={[62, 17]}
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
      <Staging releases={releases} />
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
        at={[84, 83]}
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
      <Actions situation={situation} />
    </section>
  )
}

/** Where the loops meet: the version that was registered last, who is champion, and what is shared with all workspaces. */
function Registered({ models }: { readonly models: readonly Model[] }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const now = useNow(60_000)
  const { data: shared } = useQuery(sharedQuery(workspace))
  const [last] = models
    .filter(({ properties }) => properties.latestVersion !== undefined)
    .toSorted((a, b) => b.systemData.lastModifiedAt.localeCompare(a.systemData.lastModifiedAt))
  const version = last?.properties.latestVersion ?? ''
  const { data: made } = useQuery({
    ...resourceQuery<VersionProperties>(`${last?.id ?? ''}/versions/${version}`),
    enabled: last !== undefined,
  })
  const champions = models.filter(({ properties }) => properties.aliases?.['champion'] !== undefined).length
  return (
    <Station
      at={[50, 50]}
      name="Registry"
      to={last === undefined ? to.models : to.version(last.name, version)}
      icon={<IconBox size={18} aria-hidden />}
      more={[
        `${plural(models.length, 'model')}, ${plural(champions, 'champion')}`,
        ...(shared === undefined || shared.registries === 0
          ? []
          : [`${shared.models} shared in ${plural(shared.registries, 'registry', 'registries')}`]),
      ].join('; ')}
    >
      {last === undefined
        ? 'nothing registered yet'
        : `${last.name}:${version}${made === undefined ? '' : `, ${when(new Date(made.systemData.createdAt), now)}`}`}
    </Station>
  )
}

/** How the gates of the release that was started last stand. */
function Staging({ releases }: { readonly releases: readonly Release[] }) {
  const to = usePaths()
  const [last] = releases.toSorted((a, b) =>
    (b.properties.startedAt ?? '').localeCompare(a.properties.startedAt ?? ''),
  )
  const gates = last?.properties.stages.flatMap((stage) => stage.gates) ?? []
  const inState = (...states: readonly string[]) => gates.filter(({ state }) => states.includes(state)).length
  const [passed, failed, running] = [
    inState('passed', 'waived'),
    inState('failed', 'error', 'inconclusive'),
    inState('running'),
  ]
  const family: Family | undefined =
    failed > 0 ? 'bad' : running > 0 ? 'active' : passed > 0 && passed === gates.length ? 'ok' : undefined
  return (
    <Station
      at={[84, 17]}
      name="Staging and test"
      to={last === undefined ? to.releases : to.release(namesIn(last.id)[1] ?? '', last.name)}
      icon={<IconChecklist size={18} aria-hidden />}
      {...(family === undefined ? {} : { family })}
    >
      {last === undefined
        ? 'no gate has judged yet'
        : failed > 0
          ? `${failed} of ${plural(gates.length, 'gate')} did not pass`
          : running > 0
            ? `${running} of ${plural(gates.length, 'gate')} judging`
            : `${passed} of ${plural(gates.length, 'gate')} passed`}
    </Station>
  )
}

/** What events led to: incidents that fire, and what asks for a yes before it is done. */
function Actions({ situation }: { readonly situation: Situation | undefined }) {
  const to = usePaths()
  const now = useNow(60_000)
  const firing = situation?.incidents.length ?? 0
  const asking =
    situation === undefined
      ? 0
      : needs(situation, now).filter(({ kind }) => kind === 'action' || kind === 'proposal').length
  const family: Family | undefined = firing > 0 ? 'bad' : asking > 0 ? 'attention' : undefined
  return (
    <Station
      at={[62, 83]}
      name="Events and actions"
      to={to.alerts}
      icon={<IconBellBolt size={18} aria-hidden />}
      {...(family === undefined ? {} : { family })}
    >
      {[firing > 0 ? `${firing} firing` : 'none firing', asking > 0 ? `${asking} ask for a yes` : '']
        .filter(Boolean)
        .join(', ')}
    </Station>
  )
}

function Station({
  at: [left, top],
  name,
  to,
  icon,
  family,
  more,
  children,
}: {
  readonly at: readonly [number, number]
  readonly name: string
  readonly to: string
  readonly icon: ReactNode
  readonly family?: Family
  /** A second line. */
  readonly more?: string
  readonly children: ReactNode
}) {
  return (
    <div className={style.station} style={{ left: `${left}%`, top: `${top}%` }} data-family={family}>
      <Go to={to} className={style.stationLink}>
        <span className={style.icon}>{icon}</span>
        <span className={style.words}>
          <strong>{name}</strong>
          <span>{children}</span>
          {more === undefined ? null : <span>{more}</span>}
        </span>
      </Go>
    </div>
  )
}
