import { Select } from '@mantine/core'
import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import { OpenFields } from '../fields.tsx'
import type { Form } from '../form.ts'
import style from '../forms.module.css'
import { ChoiceField, MeasureField, NameField, PairsField, TextField, WordsField } from '../inputs.tsx'
import { BurnRate } from './burn-rate.tsx'
import {
  asKind,
  comparisonOf,
  comparisons,
  conditionKinds,
  kindOf,
  type ConditionKind,
} from './conditions.ts'
import { useLabelsOf } from './known.ts'
import { SelectorFields } from './selector.tsx'

/** When a rule is true: its kind, and the words of that kind. */
export function ConditionFields({ form }: { readonly form: Form }) {
  const when = form.value(['when'])
  const kind = kindOf(when)
  const Fields = fieldsOf[kind]
  return (
    <>
      <Select
        label="Fires when"
        data={Object.entries(conditionKinds).map(([value, { label }]) => ({ value, label }))}
        value={kind}
        onChange={(next) => {
          if (next !== null && next !== kind) form.set(['when'], asKind(when, next as ConditionKind))
        }}
        allowDeselect={false}
      />
      <Fields form={form} />
      <div className={style.fields}>
        <TextField
          form={form}
          path={['when', 'for']}
          label="has to hold for"
          about={kind === 'signal' ? 'So many windows, such as 2 windows.' : 'A time, such as 10m.'}
          placeholder="at once"
        />
        <TextField
          form={form}
          path={['when', 'keep_firing_for']}
          label="keeps firing for"
          about="After it was true last."
          placeholder="0s"
        />
      </div>
    </>
  )
}

interface FieldsProps {
  readonly form: Form
}

function Limit({ form }: FieldsProps) {
  const comparison = comparisonOf(form.value(['when']))
  const limit = form.value(['when', comparison])
  return (
    <>
      <Select
        label="Is"
        description="While it is so, the rule is true."
        data={[...comparisons]}
        value={comparison}
        onChange={(next) => {
          if (next === null || next === comparison) return
          form.setAll([
            [['when', comparison], undefined],
            [['when', next], limit ?? 0],
          ])
        }}
        allowDeselect={false}
      />
      <MeasureField form={form} path={['when', comparison]} label="limit" about="Such as 0.68, 5%, 250ms." />
    </>
  )
}

/** Which series, and which labels make alerts of their own. */
function Labels({ form, path }: FieldsProps & { readonly path: Path }) {
  const known = useLabelsOf(form.value([...path, 'metric']))
  const about = known.length === 0 ? 'Labels.' : `Labels: ${known.join(', ')}.`
  return (
    <>
      <PairsField form={form} path={[...path, 'where']} label="only where" about={about} />
      <WordsField form={form} path={[...path, 'by']} label="an alert for each" about={about} among={known} />
    </>
  )
}

function Threshold({ form }: FieldsProps) {
  return (
    <div className={style.fields}>
      <NameField form={form} path={['when', 'metric']} of="measurement" about="What is measured." />
      <ChoiceField form={form} path={['when', 'aggregate']} label="its" />
      <TextField form={form} path={['when', 'over']} placeholder="5m" about="The window. Default 5m." />
      <NameField
        form={form}
        path={typeof form.value(['when', 'per']) === 'object' ? ['when', 'per', 'metric'] : ['when', 'per']}
        of="measurement"
        label="as a share of"
        about="Another metric."
      />
      <Limit form={form} />
      <Labels form={form} path={['when']} />
    </div>
  )
}

function Signal({ form }: FieldsProps) {
  return (
    <div className={style.fields}>
      <NameField form={form} path={['when', 'signal']} about="Its name, or its kind." />
      <NameField form={form} path={['when', 'metric']} of="signal_metric" about="Of the signal." />
      <Limit form={form} />
      <NameField form={form} path={['when', 'monitor']} placeholder="any" />
      <NameField form={form} path={['when', 'feature']} about="One of them alone." placeholder="each" />
      <PairsField
        form={form}
        path={['when', 'segment']}
        about="One of them alone."
        placeholder="column: value"
      />
    </div>
  )
}

function Anomaly({ form }: FieldsProps) {
  const own = ['when', 'anomaly']
  return (
    <>
      <div className={style.fields}>
        <NameField form={form} path={[...own, 'metric']} of="measurement" about="What is measured." />
        <ChoiceField form={form} path={[...own, 'aggregate']} label="its" />
        <ChoiceField form={form} path={[...own, 'season']} label="against what it was at this time of the" />
        <MeasureField
          form={form}
          path={[...own, 'deviations']}
          label="standard deviations away"
          placeholder="4"
        />
        <Labels form={form} path={own} />
      </div>
      <OpenFields
        form={form}
        path={own}
        without={['metric', 'aggregate', 'season', 'deviations', 'where', 'by']}
        label="what is usual"
      />
    </>
  )
}

function Absent({ form }: FieldsProps) {
  return (
    <div className={style.fields}>
      <SelectorFields form={form} path={['when', 'absent']} label="metric" about="What should be measured." />
      <TextField
        form={form}
        path={['when', 'over']}
        label="not measured for"
        about="Default 5m."
        placeholder="5m"
      />
    </div>
  )
}

const fieldsOf = {
  metric: Threshold,
  signal: Signal,
  burn_rate: BurnRate,
  anomaly: Anomaly,
  absent: Absent,
} as const satisfies Readonly<Record<ConditionKind, (props: FieldsProps) => React.ReactNode>>
