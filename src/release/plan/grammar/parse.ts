import { below, complain, isMap, shown } from '../../../kernel/grammar/place.ts'
import type { Fields, Mistake, Place } from '../../../kernel/grammar/place.ts'
import { flag, oneOf } from '../../../kernel/grammar/values.ts'
import type { Gate } from '../../gates/gate.ts'
import { gates } from '../../gates/gates.ts'
import type { ReleasePlan, Stage } from '../plan.ts'
import { readApproval } from './approval.ts'
import { readDelivery } from './delivery.ts'
import { fieldsOf, isWhole, nameOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import { readGates } from './gates.ts'
import { readStart } from './start.ts'

const stageWords = ['name', 'workspace', 'gates', 'approval', 'deliver', 'on_failure']

/**
 * Reads a release plan from plain values, as YAML and REST have them, with every default filled in. Never throws: of one
 * with mistakes, those that were found.
 */
export function parsePlan(
  value: unknown,
  kinds: readonly Gate<never>[] = gates,
): { readonly plan?: ReleasePlan; readonly mistakes: readonly Mistake[] } {
  const root: Place = { path: [], mistakes: [] }
  const plan = isMap(value) ? read(root, value, kinds) : complain(root, 'a release plan is a map of fields')
  return plan === undefined || root.mistakes.length > 0 ? { mistakes: root.mistakes } : { plan, mistakes: [] }
}

function read(root: Place, fields: Fields, kinds: readonly Gate<never>[]): ReleasePlan | undefined {
  const model =
    fields['model'] == null
      ? complain(root, 'a release plan needs a model', { hint: 'add model: the name of a model' })
      : bare(below(root, 'model'), fields['model'])
  const registry = perhaps(root, fields, 'registry', nameOf('a registry'))
  const start = readStart(below(root, 'start'), fields['start'])
  const supersede = optional(root, fields, 'supersede', flag, true)
  const onFailedGate = optional(root, fields, 'on_failed_gate', oneOf('wait', 'end'), 'wait')
  const stages = readStages(below(root, 'stages'), fields['stages'], kinds)
  if (!model || !start || supersede === undefined || !onFailedGate || !stages) return undefined
  return { model, ...(registry === undefined ? {} : { registry }), start, supersede, onFailedGate, stages }
}

/** A model is named without a version: the plan is of all of them. */
function bare(place: Place, value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.replace(/^azureml:(?!\/)/i, '') : value
  const versioned = typeof name === 'string' ? /^([\w. -]+)[:@]/.exec(name)?.[1] : undefined
  return versioned === undefined
    ? nameOf('a model')(place, name)
    : complain(place, `: ${shown(value)} is one version`, {
        hint: `${versioned}: a plan is of all versions of a model`,
      })
}

function readStages(
  place: Place,
  value: unknown,
  kinds: readonly Gate<never>[],
): readonly Stage[] | undefined {
  const hint = '- { name: production, gates: [data_quality], deliver: { online: NAME } }'
  if (!Array.isArray(value))
    return complain(place, value == null ? ' are missing' : `: ${shown(value)} is not a list of stages`, {
      hint,
    })
  if (value.length === 0) return complain(place, ' is an empty list', { hint })
  const stages = value.map((item, i) => readStage(below(place, i), item, kinds))
  const names = stages.map((stage) => stage?.name.toLowerCase())
  names.forEach((name, i) => {
    if (name !== undefined && names.indexOf(name) < i)
      complain(below(place, i, 'name'), `: there is a stage '${name}' already`)
  })
  return stages.every((stage) => stage !== undefined) ? stages : undefined
}

function readStage(place: Place, item: unknown, kinds: readonly Gate<never>[]): Stage | undefined {
  const fields = fieldsOf(place, item, stageWords, {
    what: 'a stage',
    example: '{ name: staging, workspace: staging, gates: [data_quality] }',
  })
  if (fields === undefined) return undefined
  const workspace = perhaps(place, fields, 'workspace', nameOf('a workspace'))
  const name =
    fields['name'] == null && workspace !== undefined
      ? workspace
      : nameOf('a stage')(below(place, 'name'), fields['name'])
  const gates = readGates(below(place, 'gates'), fields['gates'], kinds)
  const approval = readApproval(below(place, 'approval'), fields['approval'])
  const deliver = readDelivery(below(place, 'deliver'), place, fields)
  if (name === undefined) return undefined
  if (isWhole(fields, stageWords) && ['gates', 'approval', 'deliver'].every((word) => fields[word] == null))
    return complain(place, ' does nothing', { hint: 'give it gates, an approval or a delivery' })
  return {
    name,
    ...(workspace === undefined ? {} : { workspace }),
    gates,
    ...(approval === undefined ? {} : { approval }),
    ...(deliver === undefined ? {} : { deliver }),
  }
}
