import type { FormProps } from '../forms.tsx'
import style from '../forms.module.css'
import { LongField, NameField, TextField } from '../inputs.tsx'
import { TriggerFields } from '../trigger/trigger-fields.tsx'

/** A schedule of a job that ran: when, and what is made again. */
export function ScheduleForm({ form, isNew }: FormProps) {
  const job = form.value(['create_job'])
  const isJob = job !== undefined
  return (
    <>
      <div className={style.fields}>
        <TextField form={form} path={['name']} />
        <TextField form={form} path={['display_name']} />
        {isJob ? (
          <NameField
            form={form}
            path={typeof job === 'string' ? ['create_job'] : ['create_job', 'job']}
            of="job"
            label="job to make again"
            about={
              isNew
                ? 'A job that ran: it is made anew each time, with its own inputs.'
                : 'As it is, or another that ran.'
            }
          />
        ) : null}
        <div className={style.wide}>
          <LongField form={form} path={['description']} />
        </div>
      </div>
      <TriggerFields form={form} />
      {isJob ? null : <p className="muted">What it does each time stands in the YAML.</p>}
    </>
  )
}
