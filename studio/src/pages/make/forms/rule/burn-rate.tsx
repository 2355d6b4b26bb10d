import { ActionIcon, Button } from '@mantine/core'
import { standardWindows } from '../../../../../../src/alerts/rules/grammar/condition.ts'
import { parseRule } from '../../../../../../src/alerts/rules/grammar/parse.ts'
import { lasting } from '../../../../../../src/alerts/rules/evaluation/words.ts'
import { IconPlus, IconX } from '../../../../parts/icons.ts'
import { duration } from '../../../../words/time.ts'
import type { Form } from '../form.ts'
import style from '../forms.module.css'
import { MeasureField, TextField, WordsField } from '../inputs.tsx'
import { budgetOf } from './budget.ts'
import { SelectorFields } from './selector.tsx'

const own = ['when', 'burn_rate'] as const
const standard = standardWindows.map(({ longMs, shortMs, factor }) => ({
  long: lasting(longMs),
  short: lasting(shortMs),
  factor,
}))

/** A service-level objective: what is good, how much of it has to be, and how fast the rest may be used up. */
export function BurnRate({ form }: { readonly form: Form }) {
  const given = form.value([...own, 'windows'])
  const windows: readonly unknown[] = Array.isArray(given) ? given : []
  return (
    <>
      <div className={style.fields}>
        <SelectorFields form={form} path={[...own, 'all']} label="all requests" about="A counter of all." />
        <SelectorFields
          form={form}
          path={[...own, 'bad']}
          label="bad ones of them"
          about="The same counter with labels, or another one."
        />
        <MeasureField
          form={form}
          path={[...own, 'objective']}
          label="objective"
          about="The share that has to be good."
          placeholder="99.9%"
        />
        <WordsField form={form} path={[...own, 'by']} label="an alert for each" about="Labels." />
      </div>
      <fieldset className={style.part}>
        <legend className="visually-hidden">Windows</legend>
        <div className={style.partHeader}>
          <h3>It fires when a long window burns too fast, and the short one still does</h3>
          {windows.length === 0 ? (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => form.set([...own, 'windows'], standard)}
            >
              Other windows
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => form.set([...own, 'windows'], undefined)}
            >
              The standard ones
            </Button>
          )}
        </div>
        {windows.map((_, i) => (
          // A window has no name: its place is what it is.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className={style.row} role="group" aria-label={`Window ${i + 1}`}>
            <TextField form={form} path={[...own, 'windows', i, 'long']} label="long" about="" />
            <TextField form={form} path={[...own, 'windows', i, 'short']} label="short" about="" />
            <MeasureField
              form={form}
              path={[...own, 'windows', i, 'factor']}
              label="times too fast"
              about=""
            />
            <ActionIcon
              variant="default"
              aria-label={`Take window ${i + 1} away`}
              onClick={() => form.set([...own, 'windows', i], undefined)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        ))}
        {windows.length === 0 ? null : (
          <div>
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() =>
                form.set([...own, 'windows', windows.length], { long: '3d', short: '6h', factor: 1 })
              }
            >
              Add a window
            </Button>
          </div>
        )}
        <Meaning form={form} />
      </fieldset>
    </>
  )
}

/** What the objective comes to; nothing while it cannot be read. */
function Meaning({ form }: { readonly form: Form }) {
  const { bad: _, all: _all, ...said } = form.value(own) as Readonly<Record<string, unknown>>
  // How much there is to spend does not depend on what is counted.
  const { rule } = parseRule({ when: { burn_rate: { ...said, bad: 'bad', all: 'all' } } })
  if (rule?.condition.kind !== 'burn_rate') return null
  const { budget, downMs, windows } = budgetOf(rule.condition.objective, rule.condition.windows)
  return (
    <div className="muted">
      <p>
        {percent(budget)} may be bad: in 30 days as much as {duration(downMs)} of nothing else.
      </p>
      <ul className={style.times}>
        {windows.map(({ longMs, shortMs, factor, spent, lastsMs }) => (
          <li key={`${longMs} ${shortMs} ${factor}`}>
            {lasting(longMs)} and {lasting(shortMs)}, {factor} times too fast: {percent(spent)} of the budget
            is gone then; all of it would be after {duration(lastsMs)}.
          </li>
        ))}
      </ul>
    </div>
  )
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`
