import { Checkbox } from '@mantine/core'
import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import type { Form } from '../form.ts'
import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { asText, ChoiceField, NameField, NumberField, TextField, WordsField } from '../inputs.tsx'
import { standardThresholds } from './thresholds.ts'
import { TriggerFields } from '../trigger/trigger-fields.tsx'

const root = ['create_monitor']
const signals = [...root, 'monitoring_signals']

/** A monitor: what is watched, by which questions and from which value on, when, and who is told. */
export function MonitorForm({ form }: FormProps) {
  return (
    <>
      <div className={style.fields}>
        <TextField form={form} path={['name']} />
        <NameField
          form={form}
          path={[...root, 'monitoring_target', 'endpoint_deployment_id']}
          label="endpoint or deployment"
        />
        <ChoiceField form={form} path={[...root, 'monitoring_target', 'ml_task']} label="task" />
        <WordsField
          form={form}
          path={[...root, 'alert_notification', 'emails']}
          label="who is told of breaches"
        />
      </div>
      <Signals form={form} />
      <TriggerFields form={form} />
    </>
  )
}

/** Every kind of signal, to be ticked; what is ticked shows its thresholds, Azure's defaults at first. */
function Signals({ form }: { readonly form: Form }) {
  const given = form.value(signals)
  const named =
    typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {}
  const typeOf = (name: string) => asText(form.value([...signals, name, 'type']))
  const type = form
    .describe([...signals, 'any'])
    .flatMap((one) => [...one.fields])
    .find(([name]) => name === 'type')?.[1]
  const kinds = type?.is(undefined).flatMap((one) => one.values ?? []) ?? []
  const abouts = new Map(
    (type?.about ?? '').split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
  )
  const nameOf = (kind: string) => Object.keys(named).find((name) => typeOf(name) === kind)
  return (
    <fieldset className={style.part}>
      <legend className="visually-hidden">Signals</legend>
      <h3>Signals</h3>
      <div className={style.checks}>
        {kinds.map((kind) => (
          <Checkbox
            key={kind}
            label={kind.replaceAll('_', ' ')}
            description={abouts.get(kind)}
            checked={nameOf(kind) !== undefined}
            onChange={({ currentTarget: { checked } }) => {
              const there = nameOf(kind)
              if (!checked && there !== undefined) form.set([...signals, there], undefined)
              else if (checked)
                form.set([...signals, kind in named ? `${kind}_2` : kind], {
                  type: kind,
                  ...standardThresholds(form.describeWith([...signals, kind], { type: kind })),
                })
            }}
          />
        ))}
      </div>
      {Object.keys(named).map((name) => (
        <Thresholds key={name} form={form} path={[...signals, name]} name={name} kind={typeOf(name)} />
      ))}
    </fieldset>
  )
}

function Thresholds({
  form,
  path,
  name,
  kind,
}: {
  readonly form: Form
  readonly path: Path
  readonly name: string
  readonly kind: string
}) {
  const at = [...path, 'metric_thresholds']
  const given = form.value(at)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const metrics = Object.entries(given).flatMap(([group, value]): readonly Path[] =>
    typeof value === 'object' && value !== null
      ? Object.keys(value as object).map((metric) => [group, metric])
      : [[group]],
  )
  return (
    <section className={style.part} aria-label={`Thresholds of ${name}`}>
      <h3>
        {name} <span className="muted">{kind === name ? '' : kind.replaceAll('_', ' ')}</span>
      </h3>
      <div className={style.fields}>
        {metrics.map((metric) => (
          <NumberField
            key={metric.join('.')}
            form={form}
            path={[...at, ...metric]}
            label={metric.toReversed().join(' of ').replaceAll('_', ' ')}
          />
        ))}
      </div>
    </section>
  )
}
