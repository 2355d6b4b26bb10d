import { errors } from '../../kernel/errors.ts'
import { writtenIn } from '../../kernel/grammar/written.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Prepared, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields } from '../../kernel/resources/schema.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { wakeRouting } from '../routing/wake.ts'
import { parseSilence, silenceWords, timesOf, type SilenceRule } from './silence.ts'

export interface SilenceStatus extends Json {
  readonly by: string
  /** When somebody ended it before its time. */
  readonly expiredAt?: string
}

const dawn = new Date(0)

const schema = writtenIn(
  silenceWords,
  (properties) => parseSilence(ownWords(properties), dawn).mistakes,
).superRefine((properties, context) => {
  for (const { path, message, hint } of parseSilence(ownWords(properties), dawn).mistakes)
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: hint === undefined ? message : `${message} (${hint})`,
    })
})

/** What of properties is a silence's own: the rest is what every resource has, and what was read of it. */
const others = new Set([...Object.keys(assetFields), 'state', 'until', 'next'])
const ownWords = (properties: Json): Json =>
  Object.fromEntries(Object.entries(properties).filter(([word]) => !others.has(word)))

/** Keeps alerts quiet whose labels match, for a time or again and again: what fires is seen, and nobody is told. */
export const silences: ResourceDefinition = {
  type: 'silences',
  provider: 'Twinloop',
  summary: 'Keeps alerts quiet whose labels match: once, or in maintenance windows.',
  schema,
  async prepare({ id, body, actor }, platform): Promise<Prepared> {
    if (!/\/workspaces\/[^/]+\/providers\/twinloop\/silences\/[^/]+$/i.test(id))
      throw errors.badRequest(`A silence belongs to a workspace; '${id}' is not in one.`)
    const now = platform.clock()
    const { state: _s, until: _u, next: _n, ...properties } = body.properties
    const written = { ...properties, from: properties['from'] ?? now.toISOString() }
    const { until, next } = timesOf(silenceIn(written), now)
    if (until === undefined && next === undefined)
      throw errors.validation('This silence would be over already: it ends before now.', {
        target: `properties.${properties['to'] == null ? 'from' : 'to'}`,
      })
    return { properties: written, status: { by: actor.name, expiredAt: null } }
  },
  present: (resource, platform) => standing(resource, platform.clock()),
  actions: {
    /** Ends it now, and keeps it as the record of what was silenced, by whom and why. */
    expire: {
      async run({ platform, resource }) {
        const { state } = standing(resource, platform.clock())
        if (state === 'expired') throw errors.conflict(`Silence '${resource.name}' has expired already.`)
        await platform.resources.setStatus(resource.key, { expiredAt: platform.clock().toISOString() })
        return undefined
      },
    },
  },
}

/** The silence that properties of a resource are. */
export function silenceIn(properties: Json): SilenceRule {
  const { silence, mistakes } = parseSilence(ownWords(properties), dawn)
  if (silence !== undefined) return silence
  throw errors.validation(`This silence cannot be read: ${mistakes[0]?.message ?? 'it is empty'}.`)
}

/** Whether a silence holds: `pending` has not begun (or not again), `active` does, `expired` never will again. */
export function standing(
  { properties, status }: Resource,
  now: Date,
): { readonly state: 'pending' | 'active' | 'expired'; readonly until?: string; readonly next?: string } {
  const { expiredAt } = status as SilenceStatus
  const { until, next } = expiredAt == null ? timesOf(silenceIn(properties), now) : {}
  return {
    state: until !== undefined ? 'active' : next !== undefined ? 'pending' : 'expired',
    ...(until === undefined ? {} : { until: until.toISOString() }),
    ...(next === undefined ? {} : { next: next.toISOString() }),
  }
}

/** Has the alerts looked at anew whenever a silence begins or ends. */
export const silencesReconciler: Reconciler = {
  name: 'alerts/silences',
  types: ['silences'],
  async reconcile(resource, { platform }) {
    const now = platform.clock()
    wakeRouting(platform, resource.scope)
    const { until, next } = standing(resource, now)
    const turns = [until, next].flatMap((at) => (at === undefined ? [] : [Date.parse(at)]))
    return turns.length === 0 ? undefined : { again: Math.max(Math.min(...turns) - now.getTime(), 1000) }
  },
}

/** The silences of a workspace that hold now, each with until when. */
export async function activeSilences(
  platform: Platform,
  scope: string,
): Promise<readonly { readonly name: string; readonly rule: SilenceRule; readonly until: Date }[]> {
  const now = platform.clock()
  const all = await platform.resources.list({ type: 'silences', parent: scope, top: 100_000 })
  return all.flatMap((resource) => {
    if ((resource.status as SilenceStatus).expiredAt != null) return []
    const rule = silenceIn(resource.properties)
    const { until } = timesOf(rule, now)
    return until === undefined ? [] : [{ name: resource.name, rule, until }]
  })
}
