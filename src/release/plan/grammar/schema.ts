import {
  amount,
  eitherOf,
  limit,
  listOf,
  mapOf,
  namesWith,
  oneOfWords,
  takenBy,
  word,
  yesOrNo,
  type JsonSchema,
} from '../../../kernel/grammar/json-schema.ts'
import { analysisSettings } from '../../delivery/analysis/settings.ts'
import { deploymentWords } from '../../delivery/target/deployment-body.ts'
import { gates } from '../../gates/gates.ts'
import { startEvents } from '../plan.ts'

const time = (description: string) => word(description, '10m', '1h', '7d')

/** What may be written in a release plan. */
export const planSchema = (): JsonSchema =>
  mapOf(
    'A release plan: how versions of a model come to production.',
    {
      model: word('Name of the model whose versions are released.'),
      registry: word('The registry that versions are promoted through, if any.'),
      start: eitherOf(
        'What starts a release. Default: that a version is registered.',
        oneOfWords('One event, or by_hand.', 'by_hand', ...startEvents),
        listOf('Several events.', oneOfWords('An event.', ...startEvents)),
        mapOf('Events, and which versions they are about.', {
          on: listOf('Events that start a release.', oneOfWords('An event.', ...startEvents)),
          tags: namesWith('Only versions that have these tags.', word('Its value.')),
          alias: word('The alias whose move starts a release.', 'challenger'),
          schedule: mapOf('When releases start by the clock.', {
            cron: word('Minute, hour, day, month, day of the week.', '0 6 * * MON'),
            time_zone: word('Default UTC.', 'Europe/Berlin'),
          }),
        }),
      ),
      supersede: yesOrNo('Whether a newer release ends one that is under way. Default true.'),
      on_failed_gate: oneOfWords('What becomes of a release whose gate failed. Default wait.', 'wait', 'end'),
      stages: listOf('What a version passes through, one after another.', stage()),
    },
    ['model', 'stages'],
  )

const stage = (): JsonSchema =>
  mapOf('A stage: gates, then an approval, then a delivery.', {
    name: word('What it is called.', 'staging', 'production'),
    workspace: word('The workspace it happens in. Default: the plan’s own.'),
    gates: listOf(
      'What has to be found good first.',
      eitherOf(
        'A gate: its name, with parameters below it.',
        oneOfWords('A gate with its defaults.', ...gates.map(({ name }) => name)),
        {
          type: 'object',
          description: 'A gate with its parameters.',
          properties: {
            name: word('To tell two gates of one kind apart.'),
            ...Object.fromEntries(
              gates.map(({ name, parameters, summary, inherits = [] }) => {
                const { required = [], ...taken } = takenBy(parameters, summary)
                // What another gate of the stage has said need not be said again.
                const needed = (required as readonly string[]).filter((key) => !inherits.includes(key))
                return [name, { ...taken, ...(needed.length === 0 ? {} : { required: needed }) }]
              }),
            ),
          },
        },
      ),
    ),
    approval: mapOf(
      'Who has to approve, before it is delivered.',
      {
        roles: listOf('Roles, any of which may approve.', word('Name of a role.', 'ML Engineer')),
        count: amount('How many have to. Default 1.'),
        not_requester: yesOrNo('Whoever asked for the release may not approve it. Default true.'),
        within: time('How long it waits. Default 7d.'),
        notify: listOf('Who is told: mail addresses, and connections of webhooks.', word('An address.')),
        ci: yesOrNo('May be approved at the Git host, too. Default false.'),
      },
      ['roles'],
    ),
    deliver: mapOf('Where it goes, and how.', {
      online: word('Name of the online endpoint.'),
      batch: word('Name of the batch endpoint.'),
      deployment: takenBy(deploymentWords, 'How the new deployment runs.'),
      steps: listOf(
        'What traffic it gets, one step after another. Then all.',
        eitherOf(
          'A step.',
          oneOfWords('Waits until somebody resumes.', 'pause'),
          mapOf('A share of the requests, for a time.', {
            mirror: limit(
              'Percent of the requests that are copied to it; callers get the old answer.',
              '20%',
            ),
            weight: limit('Percent of the requests that it answers.', '10%'),
            for: time('How long. Default 10m.'),
          }),
        ),
      ),
      analysis: takenBy(analysisSettings, 'What is looked at during each step, and when it is rolled back.'),
      freeze: listOf(
        'When nothing is delivered.',
        mapOf('A window.', {
          from: word('A cron expression: when it begins.', '0 18 * * FRI'),
          for: time('How long it lasts.'),
          time_zone: word('Default UTC.', 'Europe/Berlin'),
          reason: word('Why.'),
        }),
      ),
      keep: time('How long the deployment before stays, to be rolled back to at once.'),
    }),
    on_failure: oneOfWords(
      'What becomes of a delivery that went wrong. Default rollback.',
      'rollback',
      'hold',
    ),
  })
