import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import {
  ChoiceField,
  LongField,
  NameField,
  NumberField,
  PairsField,
  SwitchField,
  TextField,
} from '../inputs.tsx'

/** An online endpoint: the address; what answers behind it is made next. */
export function EndpointForm({ form, isNew }: FormProps) {
  const traffic = form.value(['traffic'])
  const shares = typeof traffic === 'object' && traffic !== null ? Object.keys(traffic) : []
  return (
    <>
      <div className={style.fields}>
        <TextField form={form} path={['name']} />
        <ChoiceField form={form} path={['auth_mode']} />
        <div className={style.wide}>
          <LongField form={form} path={['description']} />
        </div>
        <PairsField form={form} path={['tags']} />
        {shares.map((name) => (
          <NumberField
            key={name}
            form={form}
            path={['traffic', name]}
            label={`percent of the traffic to ${name}`}
            about=""
            min={0}
            max={100}
          />
        ))}
      </div>
      {isNew ? (
        <p className="muted">Once it is made, a deployment puts a model behind it, and gets its traffic.</p>
      ) : null}
    </>
  )
}

/** A model behind an endpoint. */
export function DeploymentForm({ form }: FormProps) {
  const collected = ['model_inputs', 'model_outputs'] as const
  return (
    <div className={style.fields}>
      <NameField form={form} path={['endpoint_name']} label="endpoint" />
      <TextField form={form} path={['name']} about="What traffic calls it, such as blue." />
      <NameField form={form} path={['model']} />
      <NameField
        form={form}
        path={['environment']}
        about="Only where the model brings none: an MLflow model does."
      />
      <TextField form={form} path={['instance_type']} />
      <NumberField form={form} path={['instance_count']} min={0} />
      {collected.map((name) => (
        <SwitchField
          key={name}
          form={form}
          path={['data_collector', 'collections', name, 'enabled']}
          label={`Keep ${name === 'model_inputs' ? 'what it is asked' : 'what it answers'}, for monitors`}
          asText
        />
      ))}
    </div>
  )
}
