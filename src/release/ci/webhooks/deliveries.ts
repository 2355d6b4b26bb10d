import { z } from 'zod'
import { UserError, errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Resource, ResourceDefinition } from '../../../kernel/resources/resource.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import type { RepositoryEvent } from '../event.ts'
import { asRepository, ownerOf, rulesOf, type Repository } from '../repository.ts'
import { applies, ruleName, type Rule } from '../rules/rule.ts'
import { start } from '../rules/start.ts'
import type { Reading } from './host.ts'

const schema = z.looseObject({
  /** What the host calls the delivery, to find it there. */
  delivery: z.string(),
  readings: z.array(z.record(z.string(), z.unknown())),
})

/** What one rule made of an event. */
export interface Started {
  readonly rule: string
  readonly event: string
  /** Id of the job or release. */
  readonly id?: string
  /** Why there is none. */
  readonly error?: string
}

export interface DeliveryStatus {
  /** `ignored`: no rule is about it. `failed`: at least one rule could not start what it says. */
  readonly state: 'pending' | 'done' | 'failed' | 'ignored'
  readonly reason?: string
  readonly started?: readonly Started[]
}

/**
 * One call of a repository's webhook whose sender proved itself. It is named by what makes it the same call, so that a
 * call that is repeated does nothing; those that started something are kept as long as the repository.
 */
export const deliveries: ResourceDefinition = {
  type: 'repositories/deliveries',
  provider: 'Twinloop',
  summary: 'One call of a repository by its webhook, with what it started.',
  schema,
  filters: { state: 'status.state' },
  async prepare({ actor, before }, platform) {
    if (actor.id !== platform.identity('release').id)
      throw errors.forbidden('Deliveries come by POST /webhooks/…, from hosts that prove themselves.')
    return before === undefined ? { status: { state: 'pending' } } : undefined
  },
  async beforeDelete(resource, _platform, { root }) {
    if (root === resource.key && (resource.status as unknown as DeliveryStatus).state !== 'ignored')
      throw errors.conflict('A delivery is kept so that nobody can repeat it. It goes with its repository.')
  },
}

/** What started nothing would start nothing again: it need not be remembered longer than people look. */
const keptMs = 30 * 86_400_000

/** Starts what the rules of its repository say, once each: whatever was started before is found by its name. */
export const deliveryReconciler: Reconciler = {
  name: 'release/deliveries',
  types: [deliveries.type],
  async reconcile(resource, { platform }) {
    const { state } = resource.status as unknown as DeliveryStatus
    if (state === 'ignored') {
      const left = resource.createdAt.getTime() + keptMs - platform.clock().getTime()
      if (left > 0) return { again: left }
      await platform.resources.remove(platform.identity('release'), resource.id)
    }
    if (state !== 'pending') return undefined
    const status = await act(platform, resource)
    await platform.resources.setStatus(resource.key, { ...status }, { etag: resource.etag })
    return undefined
  },
}

async function act(platform: Platform, delivery: Resource): Promise<DeliveryStatus> {
  const found = await platform.resources.find(delivery.parent)
  if (found === undefined) return { state: 'ignored', reason: 'its repository is not known any more' }
  const repository = asRepository(found)
  const readings = delivery.properties['readings'] as readonly Reading[]
  const events = readings.flatMap((reading) => ('event' in reading ? [reading.event] : []))
  const wanted = events.flatMap((event, number) =>
    rulesOf(repository).flatMap((rule, at) =>
      applies(rule, event) ? [{ event, number, rule, name: ruleName(rule, at) }] : [],
    ),
  )
  if (wanted.length === 0) {
    const said = readings.flatMap((reading) => ('ignored' in reading ? [reading.ignored] : []))
    return { state: 'ignored', reason: said.length === 0 ? 'no rule is about it' : said.join('; ') }
  }
  const started: Started[] = []
  for (const { event, number, rule, name } of wanted)
    started.push(
      await attempt(platform, repository, rule, event, { rule: name, delivery: delivery.name, number }),
    )
  return { state: started.some(({ error }) => error !== undefined) ? 'failed' : 'done', started }
}

async function attempt(
  platform: Platform,
  repository: Repository,
  rule: Rule,
  event: RepositoryEvent,
  {
    rule: name,
    delivery,
    number,
  }: { readonly rule: string; readonly delivery: string; readonly number: number },
): Promise<Started> {
  const told = { rule: name, event: tell(event) }
  try {
    const id = await start(platform, rule, {
      workspaceId: scopeId(repository.id) ?? '',
      owner: ownerOf(repository),
      repository: { name: repository.name, url: repository.properties.url },
      event,
      name: startName(repository.name, name, event, delivery, number),
    })
    return { ...told, id }
  } catch (error) {
    // What cannot be started now could not be started again by the same words either.
    if (!(error instanceof UserError || error instanceof RangeError)) throw error
    if (error instanceof UserError && (error.kind.status >= 500 || error.kind.status === 429)) throw error
    return { ...told, error: error.message }
  }
}

const tell = (event: RepositoryEvent) =>
  `${event.kind} ${event.tag ?? event.branch ?? ''} ${event.commit.slice(0, 12)}`

/** A commit of a pull request is tried once, however often its host tells of it; a push once for each call. */
function startName(
  repository: string,
  rule: string,
  event: RepositoryEvent,
  delivery: string,
  number: number,
): string {
  const what =
    event.pullRequest === undefined
      ? `${delivery.slice(0, 12)}${number === 0 ? '' : `-${number}`}`
      : `${event.commit.slice(0, 12)}-pr-${event.pullRequest.number}`
  return `${repository.slice(0, 100)}-${rule}-${what}`
}
