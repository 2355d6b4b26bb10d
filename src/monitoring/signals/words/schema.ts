import { amount, mapOf, namesWith, takenBy, type JsonSchema } from '../../../kernel/grammar/json-schema.ts'
import type { Signal } from '../signal.ts'
import { signals } from '../signals.ts'

/** What may be written in a signal, by its kind: `anyOf`, each with the `type` that it is of. */
export const signalSchema = (): JsonSchema => ({
  description: 'A signal: one question about production data.',
  anyOf: signals.map((signal) => {
    const { properties = {} } = takenBy(signal.parameters) as {
      properties?: Readonly<Record<string, JsonSchema>>
    }
    const { kind, summary } = signal
    return {
      type: 'object',
      description: summary,
      properties: {
        type: { const: kind, description: summary },
        ...(signal.metrics.length === 0 ? {} : { metric_thresholds: thresholds(signal) }),
        ...properties,
      },
    }
  }),
})

/** Its metrics with their defaults, below the group that they are of. */
function thresholds({ metrics }: Signal<never>): JsonSchema {
  const of = (group: string | undefined) =>
    Object.fromEntries(
      metrics
        .filter((metric) => metric.group === group)
        .map(({ name, threshold, beyond }) => [
          name,
          {
            ...amount(`${beyond === 'above' ? 'More' : 'Less'} than this is beyond it.`),
            ...(threshold === undefined ? {} : { default: threshold }),
          },
        ]),
    )
  const groups = [...new Set(metrics.flatMap(({ group }) => group ?? []))]
  return mapOf('From which value on a metric is beyond its threshold.', {
    ...of(undefined),
    ...Object.fromEntries(groups.map((group) => [group, mapOf(`Of ${group} features.`, of(group))])),
    ...(groups.length > 0 || metrics.length === 0
      ? {}
      : {
          classification: namesWith('Of a classification.', amount('A threshold.')),
          regression: namesWith('Of a regression.', amount('A threshold.')),
        }),
  })
}
