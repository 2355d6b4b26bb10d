import { listOf, mapOf, word, yesOrNo, type JsonSchema } from '../../../kernel/grammar/json-schema.ts'

const time = (description: string) => word(description, '30s', '5m', '4h')
const matchers = listOf(
  'Labels that have to match, all of them.',
  word('A matcher.', 'severity="page"', 'endpoint=~"flight.*"'),
)
const label = word('Name of a label.', 'alertname', 'endpoint')

/** What may be written in an alert routing: Alertmanager's words. */
export const routingSchema = (): JsonSchema => {
  const route = {
    receiver: word('Who is told: the name of a receiver.'),
    matchers,
    group_by: listOf('Alerts that have the same of these are told of together.', label),
    group_wait: time('How long a new group waits for more. Default 30s.'),
    group_interval: time('How long until more of a group is told. Default 5m.'),
    repeat_interval: time('How long until the same is told again. Default 4h.'),
    continue: yesOrNo('Whether the routes after it are asked, too. Default false.'),
  }
  const routes = listOf('Routes below it: the first that matches.', {
    ...mapOf('A route.', { ...route, routes: {} }),
  })
  return mapOf('An alert routing: who is told of which alerts.', {
    receivers: listOf(
      'Those who can be told.',
      mapOf(
        'A receiver.',
        {
          name: word('What routes call it.'),
          email: listOf('Mail addresses.', word('An address.')),
          webhook: listOf('Connections of webhooks.', word('Name of a connection.')),
          send_resolved: yesOrNo('Whether they are told that it is over. Default true.'),
        },
        ['name'],
      ),
    ),
    route: mapOf('The root: what every alert begins with.', { ...route, routes }),
    inhibit_rules: listOf(
      'Alerts that keep others quiet.',
      mapOf('While one fires, the other is not told of.', {
        source_matchers: matchers,
        target_matchers: matchers,
        equal: listOf('Labels that both have the same of.', label),
      }),
    ),
    alertmanagers: listOf('Alertmanagers that are pushed every alert.', word('An address, or a connection.')),
  })
}
