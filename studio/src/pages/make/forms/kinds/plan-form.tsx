import { Button, Switch } from '@mantine/core'
import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import { IconPlus, IconX } from '../../../../parts/icons.ts'
import type { Form } from '../form.ts'
import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { asText, NameField, NumberField, SwitchField, TextField, WordsField } from '../inputs.tsx'
import { OpenFields } from '../fields.tsx'
import { NamedParts } from '../widgets/named-parts.tsx'
import { StepsField } from '../widgets/steps-field.tsx'

/** A release plan: its model, and stage by stage what has to be found good, who approves, where it goes. */
export function PlanForm({ form }: FormProps) {
  const stages = form.value(['stages'])
  const count = Array.isArray(stages) ? stages.length : 0
  return (
    <>
      <div className={style.fields}>
        <NameField form={form} path={['model']} />
        <TextField form={form} path={['name']} placeholder="the model’s" />
      </div>
      {Array.from({ length: count }, (_, i) => (
        <Stage key={i} form={form} path={['stages', i]} number={i + 1} />
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.set(['stages', count], {
              name: `stage-${count + 1}`,
              approval: { roles: ['ML Engineer'] },
            })
          }
        >
          Add a stage
        </Button>
      </div>
    </>
  )
}

function Stage({
  form,
  path,
  number,
}: {
  readonly form: Form
  readonly path: Path
  readonly number: number
}) {
  const at = (...steps: Path): Path => [...path, ...steps]
  const has = (field: string) => form.value(at(field)) !== undefined
  return (
    <section className={style.part} aria-label={`Stage ${number}`}>
      <div className={style.partHeader}>
        <h3>
          {number}. {asText(form.value(at('name')))}
        </h3>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={12} />}
          onClick={() => form.set(path, undefined)}
        >
          Remove stage {number}
        </Button>
      </div>
      <div className={style.fields}>
        <TextField form={form} path={at('name')} />
        <TextField form={form} path={at('workspace')} placeholder="the plan’s own" />
      </div>
      <NamedParts form={form} path={at('gates')} title="Gates" />
      <Switch
        label="Somebody has to approve"
        checked={has('approval')}
        onChange={({ currentTarget: { checked } }) =>
          form.set(at('approval'), checked ? { roles: ['ML Engineer'] } : undefined)
        }
      />
      {has('approval') ? (
        <div className={style.fields}>
          <WordsField form={form} path={at('approval', 'roles')} />
          <NumberField form={form} path={at('approval', 'count')} min={1} />
          <TextField form={form} path={at('approval', 'within')} placeholder="7d" />
          <SwitchField
            form={form}
            path={at('approval', 'not_requester')}
            label="not by whoever asked for it"
            about=""
            otherwise
          />
        </div>
      ) : null}
      <Switch
        label="It is delivered to an endpoint"
        checked={has('deliver')}
        onChange={({ currentTarget: { checked } }) =>
          form.set(at('deliver'), checked ? { online: 'my-endpoint' } : undefined)
        }
      />
      {has('deliver') ? (
        <>
          <div className={style.fields}>
            <NameField form={form} path={at('deliver', 'online')} label="online endpoint" />
            <NameField form={form} path={at('deliver', 'batch')} label="batch endpoint" />
          </div>
          <StepsField form={form} path={at('deliver', 'steps')} />
          <OpenFields
            form={form}
            path={at('deliver', 'analysis', 'checks')}
            label="what is looked at during each step"
          />
        </>
      ) : null}
    </section>
  )
}
