import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { spelled } from '../../../kernel/grammar/place.ts'
import type { Gate } from '../../gates/gate.ts'
import { parsePlan } from './parse.ts'

const gate = <P>(name: string, parameters: z.ZodType<P>) =>
  ({ name, summary: name, parameters, advance: async () => ({ doing: '' }) }) as Gate<P> as Gate<never>

const kinds = [
  gate('data_quality', z.strictObject({ data: z.string().optional() })),
  gate('unit_tests', z.strictObject({ command: z.string().default('pytest') })),
  gate(
    'champion',
    z.strictObject({
      target: z.string(),
      metrics: z.record(z.string(), z.strictObject({ min: z.number().optional() })).default({}),
    }),
  ),
]

const plan = (yaml: string) => parsePlan(parse(yaml), kinds)
const minute = 60_000
const day = 86_400_000

describe('a release plan', () => {
  test('of six lines has every default filled in', () => {
    const { plan: read, mistakes } = plan(`
type: release_plan
model: flight-delay
stages:
  - { name: staging, workspace: staging, gates: [data_quality, unit_tests] }
  - { name: production, workspace: prod, approval: { roles: [ML Engineer] }, deliver: { online: flight-delay } }
`)
    assert.deepEqual(mistakes, [])
    assert.deepEqual(read, {
      model: 'flight-delay',
      start: { on: ['model_registered'], tags: {}, alias: 'challenger' },
      supersede: true,
      onFailedGate: 'wait',
      stages: [
        {
          name: 'staging',
          workspace: 'staging',
          gates: [
            { name: 'data_quality', gate: 'data_quality', parameters: {} },
            { name: 'unit_tests', gate: 'unit_tests', parameters: { command: 'pytest' } },
          ],
        },
        {
          name: 'production',
          workspace: 'prod',
          gates: [],
          approval: {
            roles: ['ML Engineer'],
            count: 1,
            notRequester: true,
            withinMs: 7 * day,
            notify: [],
            ci: false,
          },
          deliver: {
            online: 'flight-delay',
            deployment: {},
            steps: [
              { mirror: 20, forMs: 10 * minute },
              { weight: 10, forMs: 10 * minute },
              { weight: 50, forMs: 10 * minute },
            ],
            analysis: {},
            onFailure: 'rollback',
            freeze: [],
          },
        },
      ],
    })
  })

  test('says everything in the words of the guide', () => {
    const { plan: read, mistakes } = plan(`
model: azureml:flight-delay
registry: shelf
start: { on: [alias, schedule], alias: candidate, tags: { ready: true }, schedule: { cron: "0 6 * * MON", time_zone: Europe/Berlin } }
supersede: false
on_failed_gate: end
stages:
  - name: production
    gates:
      - champion: { target: late, metrics: { roc_auc: { min: 0.7 } } }
      - { champion: { target: late }, name: again }
    approval: { roles: ML Engineer, count: 2, not_requester: false, within: 36h, notify: [ml@example.org], ci: true }
    deliver:
      batch: nightly
      online: flight-delay
      steps: [{ weight: 5, for: 1m }, pause, { weight: 50% }]
      freeze: { from: "0 18 * * FRI", for: 62h, reason: weekend }
      keep: 2h
    on_failure: hold
`)
    assert.deepEqual(mistakes, [])
    assert.deepEqual(read?.start, {
      on: ['alias', 'schedule'],
      tags: { ready: 'true' },
      alias: 'candidate',
      trigger: { triggerType: 'Cron', expression: '0 6 * * MON', timeZone: 'Europe/Berlin' },
    })
    const [stage] = read?.stages ?? []
    assert.deepEqual(
      stage?.gates.map(({ name }) => name),
      ['champion', 'again'],
    )
    assert.deepEqual(stage?.approval?.withinMs, 36 * 3_600_000)
    assert.deepEqual(stage?.deliver?.steps, [
      { weight: 5, forMs: minute },
      { pause: true },
      { weight: 50, forMs: 10 * minute },
    ])
    assert.deepEqual(stage?.deliver?.freeze, [
      { from: '0 18 * * FRI', forMs: 62 * 3_600_000, timeZone: 'UTC', reason: 'weekend' },
    ])
    assert.equal(stage?.deliver?.onFailure, 'hold')
    assert.equal(stage?.deliver?.keepMs, 2 * 3_600_000)
  })

  test('that is started by hand only says so', () => {
    assert.deepEqual(
      plan('{model: m, start: by_hand, stages: [{name: s, gates: [unit_tests]}]}').plan?.start.on,
      [],
    )
  })
})

const whole = (stage: string, rest = '') => `{model: m, ${rest} stages: [{name: s, ${stage}}]}`

describe('a mistake in a plan is told with its place and the nearest right thing', () => {
  const cases: readonly (readonly [string, string, string, string?])[] = [
    ['[]', '', 'a release plan is a map of fields'],
    ['{stages: [{name: s, gates: [unit_tests]}]}', '', 'a release plan needs a model'],
    [
      '{model: "m:3", stages: [{name: s, gates: [unit_tests]}]}',
      'model',
      'is one version',
      'm: a plan is of all versions',
    ],
    ['{model: m}', 'stages', 'are missing'],
    ['{model: m, stages: []}', 'stages', 'is an empty list'],
    ['{model: m, stages: one}', 'stages', 'is not a list of stages'],
    [
      whole('gates: [unit_tets]'),
      'stages[0].gates[0]',
      "there is no gate 'unit_tets'",
      'did you mean unit_tests?',
    ],
    [
      whole('gates: [{champoin: {target: x}}]'),
      'stages[0].gates[0].champoin',
      "no gate 'champoin'",
      'did you mean champion?',
    ],
    [whole('gates: [champion]'), 'stages[0].gates[0]', 'champion needs target'],
    [
      whole('gates: [{champion: {targte: x, target: x}}]'),
      'stages[0].gates[0].champion.targte',
      'is not a parameter of champion',
      'did you mean target?',
    ],
    [
      whole('gates: [{champion: {target: x, metrics: {auc: {mni: 1}}}}]'),
      'stages[0].gates[0].champion.metrics.auc.mni',
      'is not a parameter',
      'did you mean min?',
    ],
    [
      whole('gates: [{champion: {target: x, metrics: {auc: {min: high}}}}]'),
      'stages[0].gates[0].champion.metrics.auc.min',
      'expected number',
    ],
    [
      whole('gates: [unit_tests, unit_tests]'),
      'stages[0].gates[1]',
      "second 'unit_tests'",
      'name: beside it',
    ],
    [
      whole('gates: [{unit_tests: {}, data_quality: {}}]'),
      'stages[0].gates[0].data_quality',
      'stands beside another gate',
    ],
    [whole('gates: unit_tests'), 'stages[0].gates', 'is not a list of gates'],
    [whole('gate: [unit_tests]'), 'stages[0].gate', 'is not a setting of a stage', 'did you mean gates?'],
    [whole('workspace: dev'), 'stages[0]', 'does nothing'],
    [whole('approval: {}'), 'stages[0].approval', 'does not say who may approve'],
    [whole('approval: {roles: [X], within: 7}'), 'stages[0].approval.within', 'is not a duration', '7d'],
    [whole('approval: {roles: [X], count: 0}'), 'stages[0].approval.count', 'needs somebody'],
    [
      whole('approval: {role: [X]}'),
      'stages[0].approval.role',
      'is not a setting of an approval',
      'did you mean roles?',
    ],
    [whole('deliver: {}'), 'stages[0].deliver', 'names no endpoint'],
    [whole('deliver: {batch: b, steps: []}'), 'stages[0].deliver.steps', 'switched at once'],
    [
      whole('deliver: {online: e, steps: [{weight: 0.1}]}'),
      'stages[0].deliver.steps[0].weight',
      'whole percentage',
      'did you mean 10%?',
    ],
    [
      whole('deliver: {online: e, steps: [{weight: 10%}, {weight: 5%}]}'),
      'stages[0].deliver.steps[1]',
      'not more than the 10%',
    ],
    [
      whole('deliver: {online: e, steps: [{mirror: 60%}]}'),
      'stages[0].deliver.steps[0].mirror',
      'at most 50%',
    ],
    [
      whole('deliver: {online: e, steps: [{mirror: 10%, weight: 10%}]}'),
      'stages[0].deliver.steps[0]',
      'at once',
    ],
    [
      whole('deliver: {online: e, freeze: {from: "never", for: 1h}}'),
      'stages[0].deliver.freeze[0].from',
      'no cron expression',
    ],
    [
      whole('deliver: {online: e, freeze: {from: "0 0 * * *", for: 1h, time_zone: Europe/Berln}}'),
      'stages[0].deliver.freeze[0].time_zone',
      'Europe/Berlin',
    ],
    [
      whole('deliver: {online: e, freeze: {from: "0 18 * * FRI", for: 8d}}'),
      'stages[0].deliver.freeze[0].for',
      'before this one has ended',
    ],
    [
      whole('deliver: {online: e, analysis: {intervall: 30s}}'),
      'stages[0].deliver.analysis.intervall',
      'is not a parameter of an analysis',
      'did you mean interval?',
    ],
    [
      whole('deliver: {online: e, analysis: {checks: {error_rate: {max: 200}}}}'),
      'stages[0].deliver.analysis.checks.error_rate.max',
      'is not a share',
    ],
    [
      whole('deliver: {online: e, deployment: {instance_cout: 2}}'),
      'stages[0].deliver.deployment.instance_cout',
      'is not a parameter of a deployment',
      'did you mean instance_count?',
    ],
    [whole('gates: [unit_tests], on_failure: hold'), 'stages[0].on_failure', 'delivers nothing'],
    [
      whole('deliver: {online: e}, on_failure: rolback'),
      'stages[0].on_failure',
      'is not one of rollback, hold',
      'did you mean rollback?',
    ],
    [
      whole('gates: [unit_tests]', 'start: {on: [model_registred]},'),
      'start.on[0]',
      'is not one of',
      'did you mean model_registered?',
    ],
    [whole('gates: [unit_tests]', 'start: schedule,'), 'start', 'a schedule needs its times'],
    [
      whole('gates: [unit_tests]', 'start: {schedule: {cron: "61 * * * *"}},'),
      'start.schedule',
      'no cron expression',
    ],
    [whole('gates: [unit_tests]', 'start: {on: [alert], alias: x},'), 'start.alias', 'starts nothing'],
    [whole('gates: [unit_tests]', 'supersede: maybe,'), 'supersede', 'is not true or false'],
    [
      '{model: m, stages: [{name: s, gates: [unit_tests]}, {name: S, gates: [unit_tests]}]}',
      'stages[1].name',
      "there is a stage 's' already",
    ],
  ]
  for (const [yaml, at, message, hint] of cases)
    test(yaml, () => {
      const { plan: read, mistakes } = plan(yaml)
      assert.equal(read, undefined)
      const [first] = mistakes
      assert.equal(spelled(first?.path ?? []), at)
      assert.ok(first !== undefined && first.message.includes(message), first?.message)
      if (hint !== undefined) assert.ok(first.hint?.includes(hint), first.hint)
      assert.equal(mistakes.length, 1, JSON.stringify(mistakes))
    })

  test('says what is wrong in how a canary is judged and deployed, at its place', () => {
    const { mistakes } = plan(`
type: release_plan
model: m
stages:
  - name: p
    deliver:
      online: e
      deployment: { instance_cnt: 2 }
      analysis: { warm_up: 3x, checks: { p99_ms: { mx: 50 }, error_rate: { max: 0.5% } } }
`)
    const found = mistakes.map(({ path, hint, message }) => [
      spelled(path.slice(2)),
      hint ?? message.replace(/^.*?: /, ''),
    ])
    assert.deepEqual(
      found.toSorted((a, b) => (a < b ? -1 : 1)),
      [
        ['deliver.analysis.checks.p99_ms.max', 'nothing is not a number'],
        ['deliver.analysis.checks.p99_ms.mx', 'did you mean max?'],
        ['deliver.analysis.warm_up', '"3x" is not a duration (such as 30m, 36h, 40d, 2w)'],
        ['deliver.deployment.instance_cnt', 'did you mean instance_count?'],
      ],
    )
  })
})

test('a gate takes from its neighbours what it says nothing of', () => {
  const inheriting = [
    gate('champion', z.strictObject({ data: z.string(), target: z.string() })),
    {
      ...gate('fairness', z.strictObject({ data: z.string(), target: z.string(), max: z.number() })),
      inherits: ['data', 'target'],
    },
  ]
  const { plan: read, mistakes } = parsePlan(
    {
      model: 'm',
      stages: [
        {
          name: 's',
          gates: [{ champion: { data: 'd', target: 't' } }, { fairness: { max: 1, target: 'u' } }],
        },
      ],
    },
    inheriting,
  )
  assert.deepEqual(mistakes, [])
  assert.deepEqual(read?.stages[0]?.gates[1]?.parameters, { data: 'd', target: 'u', max: 1 })
})
