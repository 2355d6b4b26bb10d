import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { ChoiceField, LongField, PairsField, SwitchField, TextField } from '../inputs.tsx'
import { NamedParts } from '../widgets/named-parts.tsx'
import { ConditionFields } from './condition-fields.tsx'

/** An alert rule: when it fires, what it says, and what is done about it. */
export function RuleForm({ form, isNew }: FormProps) {
  return (
    <>
      <div className={style.fields}>
        {isNew ? <TextField form={form} path={['name']} /> : null}
        <ChoiceField
          form={form}
          path={['severity']}
          values={['page', 'warning', 'info']}
          about="How bad it is. Default warning."
        />
      </div>
      <section className={style.part} aria-label="When it fires">
        <ConditionFields form={form} />
      </section>
      <NamedParts form={form} path={['actions']} title="What is done about it" />
      <details className={style.part}>
        <summary className={style.summary}>What it says, and how often it is looked at</summary>
        <div className={style.fields}>
          <TextField form={form} path={['cool_down']} label="not done again for" placeholder="0" />
          <TextField form={form} path={['every']} label="looked at every" placeholder="1m" />
          <ChoiceField form={form} path={['no_data']} label="where nothing is measured" />
          <PairsField
            form={form}
            path={['labels']}
            about="For routing and silences; its alerts have them, too."
          />
          <TextField
            form={form}
            path={['annotations', 'runbook_url']}
            label="runbook"
            about="An address; {{ labels.NAME }} and {{ value }} are filled in."
          />
          <SwitchField form={form} path={['enabled']} label="enabled" otherwise />
          <div className={style.wide}>
            <LongField form={form} path={['description']} />
          </div>
        </div>
      </details>
    </>
  )
}
