import type { Model, ModelVersion } from '../../api/models.ts'
import type { Release } from '../../api/releases.ts'

/** A step on the way of versions to production, with those that stand on it. */
export interface Rung {
  readonly name: string
  readonly versions: readonly Standing[]
  /** Of how many the versions are the newest. */
  readonly of: number
}

export interface Standing {
  readonly version: string
  /** Why it stands there, in a few words. */
  readonly why: string
  readonly at?: string
  /** `plan/number` of the release that brought it there. */
  readonly release?: { readonly plan: string; readonly number: string; readonly state: string }
}

/** As many versions of a rung are named. */
const most = 3

/**
 * Where the versions of a model stand: registered and in no release yet, in a stage of one that is open, champion, and
 * what was champion before. The stages are those of the plan of the newest release. Pure.
 */
export function ladderOf(
  model: Model,
  versions: readonly ModelVersion[],
  releases: readonly Release[],
): readonly Rung[] {
  const { aliases = {}, aliasHistory = [] } = model.properties
  const own = releases
    .filter(({ properties }) => properties.candidate?.name === model.name)
    .toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
  const champion = aliases['champion']
  const released = new Set(own.map(({ properties }) => properties.version))
  const registered = versions
    .filter(({ name }) => !released.has(name) && name !== champion)
    .toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
    .map(({ name, systemData }) => ({ version: name, why: 'registered', at: systemData.createdAt }))
  const open = own.filter(({ properties }) => properties.phase === 'open')
  const stages = (own[0]?.properties.plan?.stages ?? []).map(({ name }) => name)
  const reign = aliasHistory.findLast(({ alias, to }) => alias === 'champion' && to === champion)
  const former = aliasHistory
    .filter(({ alias, from }) => alias === 'champion' && from !== null && from !== champion)
    .toReversed()
    .map(({ from, at }) => ({ version: from ?? '', why: 'champion until', at }))
  const rung = (name: string, all: readonly Standing[]): Rung => ({
    name,
    versions: all.slice(0, most),
    of: all.length,
  })
  return [
    rung('Registered', registered),
    ...stages.map((stage) =>
      rung(
        stage,
        open
          .filter(({ properties }) => properties.stage === stage)
          .map(({ id, name, properties }) => ({
            version: properties.version,
            why: '',
            release: { plan: id.split('/').at(-3) ?? '', number: name, state: properties.state },
          })),
      ),
    ),
    rung(
      'Champion',
      champion === undefined
        ? []
        : [{ version: champion, why: 'since', ...(reign === undefined ? {} : { at: reign.at }) }],
    ),
    rung('Formerly', [...new Map(former.map((one) => [one.version, one])).values()]),
  ]
}
