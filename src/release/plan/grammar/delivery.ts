import type { z } from 'zod'
import { below, complain, isMap, shown } from '../../../kernel/grammar/place.ts'
import type { Fields, Place } from '../../../kernel/grammar/place.ts'
import { duration, listOf, oneOf, text } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { analysisSettings } from '../../delivery/analysis/settings.ts'
import { deploymentWords } from '../../delivery/target/deployment-body.ts'
import type { DeliveryPlan, DeliveryStep, FreezeWindow } from '../plan.ts'
import { beginningsOf, thaws } from '../freeze.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'
import { fieldsOf, nameOf, optional, percent, perhaps } from '../../../kernel/grammar/fields.ts'

const minuteMs = 60_000

/** Unless a plan says otherwise: a fifth of the requests in the shadow, then a tenth and a half of the callers. */
const defaultSteps: readonly DeliveryStep[] = [
  { mirror: 20, forMs: 10 * minuteMs },
  { weight: 10, forMs: 10 * minuteMs },
  { weight: 50, forMs: 10 * minuteMs },
]

/** Azure mirrors no more. */
const mostMirrored = 50

const known = ['online', 'batch', 'deployment', 'steps', 'analysis', 'freeze', 'keep']

/** `deliver:` of a stage, with the `on_failure:` that stands beside it. */
export function readDelivery(place: Place, stage: Place, fields: Fields): DeliveryPlan | undefined {
  const onFailure = optional(stage, fields, 'on_failure', oneOf('rollback', 'hold'), 'rollback')
  const value = fields['deliver']
  if (value === undefined || value === null) {
    if (fields['on_failure'] !== undefined)
      complain(below(stage, 'on_failure'), ' is of a delivery, and this stage delivers nothing', {
        part: 'key',
      })
    return undefined
  }
  const said = fieldsOf(place, value, known, { what: 'a delivery', example: '{ online: NAME_OF_ENDPOINT }' })
  if (said === undefined) return undefined
  const online = perhaps(place, said, 'online', nameOf('an online endpoint'))
  const batch = perhaps(place, said, 'batch', nameOf('a batch endpoint'))
  if (said['online'] === undefined && said['batch'] === undefined)
    return complain(place, ' names no endpoint', { hint: 'online: NAME, batch: NAME, or both' })
  if (said['online'] === undefined && said['steps'] !== undefined)
    complain(below(place, 'steps'), ' are of an online endpoint; a batch endpoint is switched at once', {
      part: 'key',
    })
  const steps = optional(place, said, 'steps', readSteps, online === undefined ? [] : defaultSteps)
  const deployment = optional(place, said, 'deployment', wordsOf(deploymentWords, 'a deployment'), {})
  const analysis = optional(place, said, 'analysis', wordsOf(analysisSettings, 'an analysis'), {})
  const freeze = optional(place, said, 'freeze', readFreezes, [])
  const keepMs = perhaps(place, said, 'keep', duration)
  if (!steps || !deployment || !analysis || !freeze || !onFailure) return undefined
  return {
    ...(online === undefined ? {} : { online }),
    ...(batch === undefined ? {} : { batch }),
    deployment,
    steps,
    analysis,
    onFailure,
    freeze,
    ...(keepMs === undefined ? {} : { keepMs }),
  }
}

/** What a schema takes, as it was written: whoever delivers reads it by the same schema. */
const wordsOf =
  (schema: z.ZodType, what: string): Read<Json> =>
  (place, value) => {
    if (!isMap(value)) return complain(place, `: ${shown(value)} is not ${what}`)
    return readBy(place, value, schema, what) === undefined ? undefined : value
  }

const readSteps: Read<readonly DeliveryStep[]> = (place, value) => {
  if (!Array.isArray(value))
    return complain(place, `: ${shown(value)} is not a list of steps`, {
      hint: '[{ mirror: 20%, for: 10m }, { weight: 10%, for: 10m }, pause]',
    })
  const steps = value.map((item, i) => readStep(below(place, i), item))
  if (!steps.every((step) => step !== undefined)) return undefined
  const weights = steps.flatMap((step, i) => ('weight' in step ? [{ weight: step.weight, i }] : []))
  weights.forEach(({ weight, i }, n) => {
    const before = weights[n - 1]?.weight ?? 0
    if (weight <= before) complain(below(place, i), `: ${weight}% is not more than the ${before}% before it`)
  })
  return steps
}

function readStep(place: Place, item: unknown): DeliveryStep | undefined {
  if (item === 'pause') return { pause: true }
  const fields = fieldsOf(place, item, ['mirror', 'weight', 'pause', 'for'], {
    what: 'a step',
    example: '{ weight: 10%, for: 10m }, { mirror: 20%, for: 10m } or pause',
  })
  if (fields === undefined) return undefined
  const kinds = ['mirror', 'weight', 'pause'].filter((kind) => fields[kind] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1)
    return complain(place, ` is ${kind === undefined ? 'no step' : `${kinds.join(' and ')} at once`}`, {
      hint: 'one of mirror, weight and pause',
    })
  if (kind === 'pause') {
    if (fields['for'] !== undefined)
      complain(below(place, 'for'), ' is of no use: a pause lasts until somebody resumes', { part: 'key' })
    return { pause: true }
  }
  const share = percent(below(place, kind), fields[kind])
  const forMs = optional(place, fields, 'for', duration, 10 * minuteMs)
  if (share === undefined || forMs === undefined) return undefined
  if (kind === 'weight') return { weight: share, forMs }
  return share > mostMirrored
    ? complain(below(place, kind), `: at most ${mostMirrored}% are mirrored`)
    : { mirror: share, forMs }
}

const readFreezes: Read<readonly FreezeWindow[]> = (place, value) =>
  isMap(value)
    ? listOf(readFreeze, { what: 'windows' })(place, [value])
    : listOf(readFreeze, { what: 'windows' })(place, value)

const readFreeze: Read<FreezeWindow> = (place, value) => {
  const fields = fieldsOf(place, value, ['from', 'for', 'time_zone', 'reason'], {
    what: 'a freeze window',
    example: '{ from: "0 18 * * FRI", for: 62h, time_zone: Europe/Berlin }',
  })
  if (fields === undefined) return undefined
  const from = text(below(place, 'from'), fields['from'])
  const forMs = duration(below(place, 'for'), fields['for'])
  const timeZone = optional(place, fields, 'time_zone', text, 'UTC')
  const reason = perhaps(place, fields, 'reason', text)
  if (from === undefined || forMs === undefined || timeZone === undefined) return undefined
  const window = { from, forMs, timeZone, ...(reason === undefined ? {} : { reason }) }
  try {
    beginningsOf(window)
    return thaws(window, new Date(0))
      ? window
      : complain(below(place, 'for'), ': the next window begins before this one has ended, always', {
          hint: 'nothing would ever be delivered',
        })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const at = error.target?.endsWith('timeZone') === true ? 'time_zone' : 'from'
    return complain(below(place, at), `: ${error.message}`)
  }
}
