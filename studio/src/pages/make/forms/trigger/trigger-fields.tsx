import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Form } from '../form.ts'
import style from '../forms.module.css'
import { ChoiceField, NumberField, TextField, WordsField } from '../inputs.tsx'

const path = ['trigger']

/** When something is due: by cron, or again and again; with the next five times. */
export function TriggerFields({ form }: { readonly form: Form }) {
  const type = form.value([...path, 'type'])
  const pattern = form.value([...path, 'pattern']) === undefined ? 'schedule' : 'pattern'
  return (
    <section className={style.part} aria-label="When">
      <div className={style.partHeader}>
        <h3>When</h3>
        <SegmentedControl
          aria-label="How it is said"
          size="xs"
          data={[
            { value: 'recurrence', label: 'Every so often' },
            { value: 'cron', label: 'Cron' },
          ]}
          value={type === 'cron' ? 'cron' : 'recurrence'}
          onChange={(next) =>
            form.set(path, {
              type: next,
              ...(next === 'cron'
                ? { expression: '0 6 * * *' }
                : { frequency: 'day', interval: 1, schedule: { hours: [6], minutes: [0] } }),
              ...zoneOf(form.value([...path, 'time_zone'])),
            })
          }
        />
      </div>
      <div className={style.fields}>
        {type === 'cron' ? (
          <TextField form={form} path={[...path, 'expression']} />
        ) : (
          <>
            <NumberField form={form} path={[...path, 'interval']} label="every" min={1} />
            <ChoiceField form={form} path={[...path, 'frequency']} label="unit" />
            <WordsField form={form} path={[...path, pattern, 'hours']} label="at hours" />
            <WordsField form={form} path={[...path, pattern, 'minutes']} label="at minutes" />
            <WordsField form={form} path={[...path, pattern, 'week_days']} label="on days of the week" />
          </>
        )}
        <TextField form={form} path={[...path, 'time_zone']} placeholder="UTC" />
        <TextField form={form} path={[...path, 'start_time']} placeholder="at once" />
      </div>
      <NextTimes trigger={form.value(path)} />
    </section>
  )
}

const zoneOf = (zone: unknown) => (zone === undefined ? {} : { time_zone: zone })

function NextTimes({ trigger }: { readonly trigger: unknown }) {
  const { data } = useQuery({
    queryKey: ['next times', trigger],
    queryFn: async () => {
      await import('./without-eval.ts')
      return (await import('./next-times.ts')).nextTimes(trigger, new Date())
    },
  })
  if (data === undefined) return null
  if ('problem' in data) return <p className="muted">When it is due cannot be said yet: {data.problem}</p>
  const { times, zone } = data
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (
    <div>
      <p className="muted">
        {times.length === 0 ? 'It is never due.' : `The next ${times.length} times, in ${zone}:`}
      </p>
      <ul className={style.times}>
        {times.map((time) => (
          <li key={time.toISOString()} className="tabular">
            {shown.format(time)}
          </li>
        ))}
      </ul>
    </div>
  )
}
