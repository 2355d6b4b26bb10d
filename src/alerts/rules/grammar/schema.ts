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
import { actions } from '../../actions/actions.ts'
import { aggregates } from '../rule.ts'

const time = (description: string) => word(description, '5m', '1h', '1d')
const where = namesWith('Only series that have these labels.', word('The label’s value.'))
const by = listOf(
  'Labels whose values are judged apart: an alert for each.',
  word('Name of a label.', 'endpoint'),
)
const aggregate = oneOfWords('What is made of the values of a window.', ...aggregates)
const selector = eitherOf(
  'A metric, by its name or with labels that it has to have.',
  word('Name of a metric.'),
  mapOf('A metric with labels.', { metric: word('Name of a metric.'), where }),
)
const beyond = {
  above: limit('True while it is more than this.', '0.8', '5%', '250ms'),
  at_least: limit('True while it is this or more.'),
  below: limit('True while it is less than this.'),
  at_most: limit('True while it is this or less.'),
}

/** What may be written in an alert rule. */
export const ruleSchema = (): JsonSchema =>
  mapOf(
    'An alert rule: opens an incident while something is true, and does something about it.',
    {
      when: mapOf('When it fires. Its first word tells the kind of condition.', {
        metric: word('Threshold: the metric that is looked at.', 'http_server_request_duration_seconds'),
        where,
        per: selector,
        aggregate,
        over: time('The window that it is made of. Default 5m.'),
        by,
        ...beyond,
        signal: word('A signal of a monitor, by its name or its kind.', 'data_drift', 'model_performance'),
        monitor: word('The monitor, where several have such a signal.'),
        burn_rate: mapOf('An error budget that is used up too fast.', {
          bad: selector,
          all: selector,
          objective: limit('The share that has to be good.', '99.9%'),
          by,
          windows: listOf(
            'Long and short windows, and how many times too fast. Default: Google’s SRE workbook.',
            mapOf('A window.', {
              long: time('The long one.'),
              short: time('The short one.'),
              factor: amount('How many times too fast.'),
            }),
          ),
        }),
        anomaly: mapOf('Far from what it was at this time of the day or week before.', {
          metric: word('The metric that is looked at.'),
          where,
          aggregate,
          over: time('The window. Default 1h.'),
          by,
          season: oneOfWords('What repeats. Default day.', 'hour', 'day', 'week'),
          seasons: amount('How many of them are looked back at. Default 7.'),
          deviations: amount('How far is too far, in standard deviations. Default 4.'),
          direction: oneOfWords('Default both.', 'both', 'above', 'below'),
        }),
        absent: selector,
        for: word('How long it has to be true: a time, or of signals so many windows.', '5m', '2 windows'),
        keep_firing_for: time('How long it goes on firing after it was true last.'),
      }),
      every: time('How often it is looked at. Default 1m.'),
      severity: word('How bad it is: a label of its alerts. Default warning.', 'page', 'warning', 'info'),
      labels: namesWith('Labels that its alerts get.', word('The label’s value.')),
      annotations: namesWith(
        'Words for whoever is told.',
        word('May have {{ value }} and {{ labels.NAME }}.'),
      ),
      no_data: oneOfWords('What it means that nothing was measured. Default keep.', 'ok', 'keep', 'alert'),
      limit: amount('More alerts than this at once are one mistake. Default: no limit.'),
      actions: listOf(
        'What is done when it fires.',
        eitherOf(
          'An action: its name, with parameters below it.',
          oneOfWords('An action with its defaults.', ...actions.map(({ name }) => name)),
          {
            type: 'object',
            description: 'An action with its parameters.',
            properties: Object.fromEntries(
              actions.map(({ name, parameters, summary, afterwards = [] }) => {
                const taken = takenBy(parameters, summary)
                return [
                  name,
                  {
                    ...taken,
                    properties: {
                      ...(taken['properties'] as object | undefined),
                      ...Object.fromEntries(
                        afterwards.length === 0
                          ? []
                          : [['then', oneOfWords('What to do with what came of it.', ...afterwards)]],
                      ),
                      cool_down: time('Not again for this long.'),
                      budget: mapOf('How often by itself; beyond that a person approves.', {
                        per: time('In this time.'),
                        at_most: amount('So often.'),
                      }),
                    },
                  },
                ]
              }),
            ),
          },
        ),
      ),
      cool_down: time('Its actions are not done again for this long. Default 0.'),
      enabled: yesOrNo('Whether it is looked at. Default true.'),
    },
    ['when'],
  )
