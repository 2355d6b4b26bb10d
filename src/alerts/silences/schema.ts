import { listOf, mapOf, word, type JsonSchema } from '../../kernel/grammar/json-schema.ts'

/** What may be written in a silence. */
export const silenceSchema = (): JsonSchema =>
  mapOf(
    'A silence: nobody is told of alerts that match.',
    {
      matchers: listOf(
        'Labels that have to match, all of them.',
        word('A matcher.', 'endpoint="flight-delay"'),
      ),
      from: word(
        'When it begins: a time, or a cron expression for one that comes again. Default now.',
        '0 2 * * SUN',
      ),
      to: word('When it ends.'),
      for: word('How long it lasts, instead of to.', '2h', '4h'),
      time_zone: word('Of from and to. Default UTC.', 'Europe/Berlin'),
      reason: word('Why: for those who miss the alerts.'),
    },
    ['matchers', 'reason'],
  )
