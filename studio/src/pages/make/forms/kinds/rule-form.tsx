import { SegmentedControl } from '@mantine/core'
import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { OpenFields } from '../fields.tsx'
import { ChoiceField, LongField, SwitchField, TextField } from '../inputs.tsx'
import { NamedParts } from '../widgets/named-parts.tsx'

const starts = {
  metric: { metric: 'http_server_request_duration_seconds', aggregate: 'p99', above: '250ms', for: '5m' },
  signal: { signal: 'data_drift', metric: 'normalized_wasserstein_distance', above: 0.1, for: '2 windows' },
  anomaly: { anomaly: { metric: 'http_server_requests', over: '1h', season: 'day' }, for: '10m' },
  burn_rate: { burn_rate: { bad: '', all: '', objective: '99.9%' } },
  absent: { absent: 'http_server_requests', over: '10m' },
} as const

const titles: Readonly<Record<keyof typeof starts, string>> = {
  metric: 'A metric is beyond a limit',
  signal: 'A monitor’s signal is',
  anomaly: 'It is not as usual',
  burn_rate: 'An error budget burns',
  absent: 'Nothing is measured',
}

/** The condition's own words, always shown; what else there is can be said more. */
const words: Readonly<Record<keyof typeof starts, readonly string[]>> = {
  metric: ['metric', 'aggregate', 'over', 'for'],
  signal: ['signal', 'metric', 'for'],
  anomaly: ['for'],
  burn_rate: ['for'],
  absent: ['absent', 'over'],
}

/** An alert rule: when it fires, how bad that is, and what is done about it. */
export function RuleForm({ form }: FormProps) {
  const when = form.value(['when'])
  const said = typeof when === 'object' && when !== null ? when : {}
  const kind =
    (Object.keys(starts) as (keyof typeof starts)[]).find((word) => word !== 'metric' && word in said) ??
    'metric'
  const inner = kind === 'anomaly' || kind === 'burn_rate' ? ['when', kind] : ['when']
  return (
    <>
      <div className={style.fields}>
        <TextField form={form} path={['name']} />
        <ChoiceField form={form} path={['severity']} values={['page', 'warning', 'info']} />
        <div className={style.wide}>
          <LongField form={form} path={['description']} />
        </div>
      </div>
      <section className={style.part} aria-label="When it fires">
        <h3>When it fires</h3>
        <SegmentedControl
          aria-label="Kind of condition"
          size="xs"
          data={Object.entries(titles).map(([value, label]) => ({ value, label }))}
          value={kind}
          onChange={(next) => form.set(['when'], starts[next as keyof typeof starts])}
        />
        <OpenFields
          form={form}
          path={inner}
          first={inner.length === 1 ? words[kind] : []}
          without={Object.keys(starts).filter((word) => word !== kind && word !== 'metric')}
          label="the condition"
        />
      </section>
      <NamedParts form={form} path={['actions']} title="What is done about it" />
      <div className={style.fields}>
        <TextField form={form} path={['cool_down']} label="not again for" placeholder="0" />
        <TextField form={form} path={['every']} label="looked at every" placeholder="1m" />
        <SwitchField form={form} path={['enabled']} label="enabled" otherwise />
      </div>
    </>
  )
}
