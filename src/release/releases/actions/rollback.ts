import { z } from 'zod'
import { aliasesOf } from '../../../registry/aliases.ts'
import type { Actor } from '../../../kernel/access/access.ts'
import { errors } from '../../../kernel/errors.ts'
import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { deliveries } from '../../delivery/deliveries.ts'
import { championAlias } from '../champion.ts'
import { changeRelease, releaseEvent } from '../change.ts'
import { modelAt } from '../model-copies.ts'
import type { Release } from '../release.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { isDelivering, hasEnded, labelOf, numberOf, planIdOf, withStage } from '../state.ts'
import { crown } from '../steps/finish.ts'
import { releasesOf } from '../steps/others.ts'

const input = z.looseObject({
  /** Number of the release to go back to; default the one before. */
  to: z.coerce.number().int().min(1).nullish(),
  /** Number of the release to go back from; default the one that reigns. Who asks anew for what may be half done says it. */
  from: z.coerce.number().int().min(1).nullish(),
  reason: z.string().nullish(),
})

/** `POST {plan}/rollback { to?, from?, reason? }`: a former release's model reigns again, at once. */
export const rollbackPlan: Action = {
  input,
  run: async ({ platform, resource, actor, input: given, signal }) => {
    const all = await releasesOf(platform, resource.id)
    const { to, from: number, reason } = given as z.infer<typeof input>
    const from = number == null ? await reigningOf(platform, all) : numbered(all, number)
    return { body: await goBack({ platform, actor, all, signal, from, to, reason }) }
  },
}

/** `POST {release}/rollback { to?, reason? }`: the same, of the release that reigns. Throws conflict for any other. */
export const rollback: Action = {
  input,
  run: async ({ platform, resource, actor, input: given, signal }) => {
    const all = await releasesOf(platform, planIdOf(resource))
    const { to, reason } = given as z.infer<typeof input>
    const reigning = await reigningOf(platform, all)
    if (reigning?.key !== resource.key)
      throw errors.conflict(
        `Release ${labelOf(resource)} does not reign${reigning === undefined ? '' : `; ${labelOf(reigning)} does`}.`,
      )
    return { body: await goBack({ platform, actor, all, signal, from: reigning, to, reason }) }
  },
}

/**
 * What a rollback of a plan would do now: which release is being delivered (it would have to be aborted instead), which
 * reigns, and which would take its place. Throws conflict where there is none to go back to.
 */
export async function rollbackAhead(
  platform: Platform,
  planId: string,
): Promise<{ readonly delivering?: Release; readonly from?: Release; readonly to?: Release }> {
  const all = await releasesOf(platform, planId)
  const delivering = deliveringOf(all)
  if (delivering !== undefined) return { delivering }
  const from = await reigningOf(platform, all)
  return { ...(from === undefined ? {} : { from }), to: targetOf(all, from, undefined) }
}

const deliveringOf = (all: readonly Release[]) =>
  all.find(({ status }) => !hasEnded(status) && isDelivering(status))

const reigned = ({ status }: Release) => status.state === 'succeeded' || status.state === 'rolled_back'

/** The release that made the champion what it is. */
async function reigningOf(platform: Platform, all: readonly Release[]): Promise<Release | undefined> {
  const [any] = all
  if (any === undefined) return undefined
  const succeeded = all.filter(({ status }) => status.state === 'succeeded')
  const model = await platform.resources.find(
    childId(scopeId(any.id) ?? '', 'models', any.status.candidate.name),
  )
  const champion = model === undefined ? undefined : aliasesOf(model)[championAlias]
  return succeeded.find(({ status }) => status.candidate.version === champion) ?? succeeded[0]
}

interface Back {
  readonly platform: Platform
  readonly actor: Actor
  readonly all: readonly Release[]
  readonly from: Release | undefined
  readonly to: number | null | undefined
  readonly reason: string | null | undefined
  readonly signal: AbortSignal | undefined
}

/** Gives a former release all traffic and the alias again. Whoever asks needs the rights; asked again, it does no harm. */
async function goBack(back: Back) {
  const { platform, all, actor, from, reason } = back
  const delivering = deliveringOf(all)
  if (delivering !== undefined)
    throw errors.conflict(
      `Release ${labelOf(delivering)} is being delivered: abort it, and the champion has all traffic again.`,
    )
  const to = targetOf(all, from, back.to)
  const said: string[] = []
  for (const stage of to.status.plan.stages.toReversed())
    said.push(...(await takeBack(back, from, to, stage.name)))
  await crown(platform, { ...to, status: { ...to.status, owner: actor } }, to.status.candidate.version)
  const why = reason == null ? '' : `: ${reason}`
  const happened = { who: actor.name, what: `went back to it${why}` }
  await changeRelease(platform, to.key, ({ status }) => ({
    state:
      status.state === 'rolled_back' ? { state: 'succeeded', reason: `${actor.name} went back to it.` } : {},
    // Asked anew after an answer that was lost, it is told already.
    happened: status.timeline.at(-1)?.what === happened.what ? [] : [happened],
  }))
  if (from !== undefined && from.key !== to.key)
    await changeRelease(platform, from.key, ({ id, status }) => {
      if (status.state === 'rolled_back') return undefined
      const next = {
        state: 'rolled_back' as const,
        reason: `${actor.name} went back to ${labelOf(to)}${why}.`,
      }
      return {
        state: next,
        happened: [{ who: actor.name, what: `went back to ${labelOf(to)}${why}` }],
        events: [
          releaseEvent({ id, status: { ...status, ...next } }, 'RolledBack', {
            to: labelOf(to),
            champion: to.status.candidate.version,
            by: actor.name,
            reason: reason ?? null,
          }),
        ],
      }
    })
  return {
    champion: { name: to.status.candidate.name, version: to.status.candidate.version },
    release: labelOf(to),
    ...(from === undefined ? {} : { from: labelOf(from) }),
    happened: said,
  }
}

/** The release of that number. Throws conflict where there is none that reigned. */
const numbered = (all: readonly Release[], number: number): Release => targetOf(all, undefined, number)

function targetOf(
  all: readonly Release[],
  from: Release | undefined,
  number: number | null | undefined,
): Release {
  const known = all.filter(reigned)
  const found =
    number == null
      ? known.find(
          (release) =>
            release.status.state === 'succeeded' &&
            release.status.candidate.version !== from?.status.candidate.version &&
            numberOf(release) < (from === undefined ? Number.MAX_SAFE_INTEGER : numberOf(from)),
        )
      : known.find((release) => numberOf(release) === number)
  if (found !== undefined) return found
  const others = known.filter(({ key }) => key !== from?.key).map(labelOf)
  throw errors.conflict(
    `${number == null ? 'There is no former release to go back to' : `Release ${number} never reigned`}${others.length === 0 ? '.' : `; there are ${others.join(', ')}.`}`,
  )
}

/** What one stage delivered, taken back. */
async function takeBack(
  { platform, actor, signal }: Back,
  from: Release | undefined,
  to: Release,
  name: string,
): Promise<readonly string[]> {
  const plan = to.status.plan.stages.find((stage) => stage.name === name)?.deliver
  const record = to.status.stages.find((stage) => stage.name === name)?.delivery
  if (plan === undefined || record === undefined) return []
  const workspace = await stageWorkspace(platform, to, name)
  const { happened, record: made } = await deliveries.rollBack({
    platform,
    signal: signal ?? new AbortController().signal,
    release: { id: to.id, label: labelOf(to) },
    workspaceId: workspace.id,
    candidate: await modelAt(platform, to.status.candidate.id, workspace),
    champion: from === undefined ? undefined : await modelAt(platform, from.status.candidate.id, workspace),
    actor,
    plan,
    to: record,
  })
  await changeRelease(platform, to.key, ({ status }) => ({
    state: withStage(status, name, {
      delivery: made ?? { ...record, state: 'succeeded' },
      ...(made === undefined ? {} : { watching: true }),
    }),
  }))
  return [happened]
}
