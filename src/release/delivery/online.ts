import { UserError } from '../../kernel/errors.ts'
import { childId, keyOf } from '../../kernel/resources/arm-id.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { frozenUntil } from '../plan/freeze.ts'
import type { DeliveryRecord } from '../releases/release.ts'
import { keptLooks } from './analysis/look.ts'
import { analysisSettings } from './analysis/settings.ts'
import { defaultKeepMs } from './defaults.ts'
import type { DeliveryContext, DeliveryProgress } from './delivery.ts'
import { actsOf } from './steps/acts.ts'
import { advance } from './steps/advance.ts'
import { begin, deploymentName } from './steps/begin.ts'
import type { Move, Rules, Working } from './steps/state.ts'
import { deploymentBody } from './target/deployment-body.ts'
import type { Target } from './target/target.ts'

/** What cannot begin yet is looked at again after so long. */
const waitingMs = 5000

/** Takes a delivery to an online endpoint, or to what stands in for one, a step further. */
export async function deliverOnline(context: DeliveryContext, target: Target): Promise<DeliveryProgress> {
  const { record, platform, asked, plan } = context
  const rules = rulesOf(context)
  const now = platform.clock().getTime()
  const before = record.working as Working | undefined
  if (before === undefined) return beginning(context, target, rules, now)
  const ice = asked === 'promote' ? undefined : frozenUntil(plan.freeze, platform.clock())
  try {
    const seen = await perform(target, before, now)
    const trial =
      before.phase === 'trying' && before.held === undefined ? await target.try(before.candidate) : undefined
    const move = advance(before, seen, rules, {
      now,
      ...(asked === undefined ? {} : { asked }),
      ...(trial === undefined ? {} : { trial }),
      ...(ice === undefined ? {} : { frozen: toldFreeze(ice) }),
    })
    return progressOf(record, move)
  } catch (error) {
    // What people can mend is told, and tried again.
    if (!(error instanceof UserError)) throw error
    if (before.phase === 'making' && error.kind.status < 429 && error.kind.code !== 'Conflict')
      return progressOf(record, cannot(before, error.message, rules, now))
    return progressOf(record, { working: before, doing: error.message, again: waitingMs })
  }
}

/** Does what has been decided and is not so yet; answers with what there is then. */
async function perform(target: Target, working: Working, now: number) {
  const seen = await target.look()
  const acts = actsOf(working, seen, now)
  for (const act of acts)
    switch (act.act) {
      case 'make':
        await target.make(act.name, act.body)
        break
      case 'share':
        await target.share(act.shares, act.from)
        break
      case 'watch':
        await target.watch(act.options, act.yields)
        break
      case 'remove':
        await target.remove(act.name)
        break
    }
  return acts.some(({ act }) => act !== 'watch') ? target.look() : seen
}

async function beginning(
  context: DeliveryContext,
  target: Target,
  rules: Rules,
  now: number,
): Promise<DeliveryProgress> {
  const { record, candidate, asked, plan, platform } = context
  if (asked === 'abort')
    return {
      record: { ...record, state: 'rolled_back', doing: 'aborted before it began' },
      happened: 'It was aborted before it began.',
    }
  const seen = await target.look()
  const champions = await Promise.all(
    Object.keys(seen.shares.traffic).map(async (name) => {
      const endpoint = childId(context.workspaceId, 'onlineEndpoints', plan.online ?? '')
      return [name, await platform.resources.find(childId(endpoint, 'deployments', name))] as const
    }),
  )
  const known = new Map(champions)
  const found = begin(
    seen,
    {
      label: `${candidate.name}:${candidate.version}`,
      model: keyOf(candidate.id),
      name: deploymentName(candidate.name, candidate.version),
      deploymentLike: (champion) =>
        deploymentBody(
          candidate.id,
          plan.deployment,
          champion === undefined ? undefined : known.get(champion),
        ),
    },
    rules,
    now,
  )
  if ('wait' in found) {
    const doing = found.wait
    return {
      record: same(record, { ...record, state: 'paused', doing }),
      again: waitingMs,
      ...(record.doing === doing ? {} : { happened: doing }),
    }
  }
  if ('done' in found)
    return {
      record: { ...record, state: 'succeeded', doing: found.done, verdict: found.done },
      happened: found.done,
    }
  const { candidate: name, champion } = found.working
  const happened = `Delivers ${candidate.name}:${candidate.version} as deployment ${name}${champion === null ? ', the first one' : ` beside ${champion}`}.`
  return progressOf(record, { working: found.working, doing: `makes deployment ${name}`, happened, again: 0 })
}

export const rulesOf = ({ plan }: Pick<DeliveryContext, 'plan'>): Rules => ({
  plan: { steps: plan.steps, onFailure: plan.onFailure, keepMs: plan.keepMs ?? defaultKeepMs },
  settings: analysisSettings.parse(plan.analysis),
})

const toldFreeze = ({ until, window }: NonNullable<ReturnType<typeof frozenUntil>>): string =>
  `held: frozen until ${until.toISOString()}${window.reason === undefined ? '' : `: ${window.reason}`}`

const cannot = (working: Working, why: string, { plan }: Rules, now: number): Move => ({
  working: {
    ...working,
    phase: 'over',
    watch: null,
    end: { outcome: 'failed', why, at: now, clearAt: working.isOwn ? now + plan.keepMs : null },
  },
  doing: why,
  verdict: why,
  happened: why,
  again: 0,
})

/** The record after a move; the very same one where nothing has changed. */
export function progressOf(record: DeliveryRecord, move: Move): DeliveryProgress {
  const { working, doing, verdict, look, happened, again } = move
  const { verdict: before, ...kept } = record
  // What decided is said of what is decided; until then it is in the looks.
  const decided = working.end === undefined ? undefined : (verdict ?? before)
  const next: DeliveryRecord = {
    ...kept,
    state: stateOf(working),
    step: working.step,
    ...(doing === undefined ? {} : { doing }),
    ...(decided === undefined ? {} : { verdict: decided }),
    working: working as unknown as Json,
    ...(look === undefined ? {} : { looks: keptLooks(record.looks ?? [], look) }),
  }
  return {
    record: same(record, next),
    ...(again === undefined ? {} : { again }),
    ...(happened === undefined ? {} : { happened }),
  }
}

const same = (before: DeliveryRecord, after: DeliveryRecord): DeliveryRecord =>
  stableJson(before) === stableJson(after) ? before : after

function stateOf({ phase, end, held }: Working): DeliveryRecord['state'] {
  if (phase === 'over' && end !== undefined) return end.outcome
  return held === undefined || phase === 'returning' ? 'running' : 'paused'
}
