import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { clean } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { placed } from '../../submit/placed.ts'
import { alertRule as noun } from '../nouns.ts'
import { deleteCommand, encode, fileFlag, listCommand, nameFlag, optionalName, setFlag } from '../verbs.ts'
import { usage } from '../../failure.ts'

const path = (name: string) => `/${noun.type}/${encode(name)}`

const create = defineCommand({
  noun: 'alert-rule',
  verb: 'create',
  summary: 'Keeps a rule, which is looked at from now on.',
  flags: { file: { ...fileFlag, required: true }, name: optionalName, set: setFlag },
  table: noun.table,
  examples: [
    'twinloop alert-rule create -f rule.yml',
    'twinloop alert-rule create -f rule.yml --set when.above=20 severity=page',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { alertBody } = await import('../../bodies/alert.ts')
    const { ruleActions } = await import('../../submit/rule-actions.ts')
    const { value, source, folder } = await readAsset(client, io, flags, 'alertRule')
    if (value.name === undefined) throw usage('what is the rule called?', 'name: in the file, or --name')
    const api = await client()
    const actions = await ruleActions(client, io, value.actions, folder)
    try {
      const made = await api.put<Body>(path(value.name), alertBody({ ...value, actions }))
      for (const warning of (made.properties?.['warnings'] ?? []) as readonly string[])
        io.stderr(`warning: ${warning}\n`)
      return noun.present(made)
    } catch (error) {
      throw await placed(source, io, error)
    }
  },
})

const update = defineCommand({
  noun: 'alert-rule',
  verb: 'update',
  summary: 'Changes a rule: switches it off, or another limit.',
  flags: { name: nameFlag, set: { ...setFlag, required: true } },
  table: noun.table,
  examples: [
    'twinloop alert-rule update -n queue-too-long --set enabled=false',
    'twinloop alert-rule update -n queue-too-long --set when.above=50',
  ],
  async run({ flags, client }) {
    const [{ parse }, { parseChange }, { setAt }] = await Promise.all([
      import('yaml'),
      import('../../yaml/change.ts'),
      import('../assets/versions.ts'),
    ])
    const api = await client()
    let { properties = {} } = await api.get<Body>(path(flags.name))
    for (const { path: at, value } of flags.set.map(parseChange))
      properties = setAt(properties, at, parse(value))
    return noun.present(await api.put<Body>(path(flags.name), { properties }))
  },
})

const show = defineCommand({
  noun: 'alert-rule',
  verb: 'show',
  summary: 'Shows a rule with what it found last; with -o all that is known of it.',
  flags: { name: nameFlag },
  table: noun.table,
  examples: [
    'twinloop alert-rule show -n queue-too-long',
    'twinloop alert-rule show -n queue-too-long -o yaml',
  ],
  async run({ flags, io, client }) {
    const body = await (await client()).get<Body>(path(flags.name))
    if (flags.output !== undefined || flags.query !== undefined) return noun.present(body)
    const { rulePicture } = await import('./picture.ts')
    io.stdout(rulePicture(io, body, new Date()))
    return undefined
  },
})

interface Budget {
  readonly kind: string
  readonly afterwards?: string
  readonly problem?: string
  readonly lastAt?: string
  readonly coolDown?: string
  readonly coolsUntil?: string
  readonly budget?: {
    readonly per: string
    readonly atMost: number
    readonly left: number
    readonly freeAt?: string
  }
}

const budgets = defineCommand({
  noun: 'alert-rule',
  verb: 'budgets',
  summary: "Says what is left of the cool-downs and budgets of a rule's actions.",
  flags: { name: nameFlag },
  table: {
    Action: 'action',
    Last: 'last_at',
    CoolDown: 'cool_down',
    CoolsUntil: 'cools_until',
    Left: 'left',
    AtMost: 'at_most',
    Per: 'per',
    Problem: 'problem',
  },
  examples: ['twinloop alert-rule budgets -n queue-too-long -o table'],
  async run({ flags, client }) {
    const api = await client()
    const { value } = await api.post<{ readonly value: readonly Budget[] }>(`${path(flags.name)}/budgets`, {})
    return value.map(({ kind, afterwards, problem, lastAt, coolDown, coolsUntil, budget }) =>
      clean({
        action: afterwards === undefined ? kind : `${kind}, then ${afterwards}`,
        last_at: lastAt,
        cool_down: coolDown,
        cools_until: coolsUntil,
        left: budget?.left,
        at_most: budget?.atMost,
        per: budget?.per,
        free_at: budget?.freeAt,
        problem,
      }),
    )
  },
})

export const commands: readonly Command[] = [
  create,
  show,
  listCommand(noun),
  update,
  budgets,
  deleteCommand(noun),
]
