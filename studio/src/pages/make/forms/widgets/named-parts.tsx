import { Checkbox } from '@mantine/core'
import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import { fieldsAt } from '../fields-at.ts'
import { OpenFields } from '../fields.tsx'
import type { Form } from '../form.ts'
import style from '../forms.module.css'

/**
 * A list each of whose items is a name, or a name with parameters below it: the gates of a stage, the actions of a rule.
 * Every name there is can be ticked; what is ticked shows its parameters.
 */
export function NamedParts({
  form,
  path,
  title,
}: {
  readonly form: Form
  readonly path: Path
  readonly title: string
}) {
  const given = form.value(path)
  const items: readonly unknown[] = Array.isArray(given) ? given : []
  const names = items.map(nameIn)
  const known = new Map(form.describe([...path, items.length]).flatMap((one) => [...one.fields]))
  known.delete('name')
  const toggle = (name: string, isOn: boolean) => {
    if (!isOn) {
      form.set([...path, names.indexOf(name)], undefined)
      return
    }
    // Required parameters are asked for; without any, the bare name says it all.
    const needs = [...(known.get(name)?.is(undefined) ?? [])].some((one) =>
      [...one.fields.values()].some(({ isRequired }) => isRequired),
    )
    form.set([...path, items.length], needs ? { [name]: {} } : name)
  }
  return (
    <fieldset className={style.part}>
      <legend className="visually-hidden">{title}</legend>
      <h3>{title}</h3>
      <details open={items.length === 0 && known.size < 10}>
        <summary className={style.summary}>
          {items.length === 0
            ? 'None yet: choose'
            : `${names.filter(Boolean).join(', ').replaceAll('_', ' ')}: choose others`}
        </summary>
        <div className={style.checks}>
          {[...known].map(([name, { about }]) => (
            <Checkbox
              key={name}
              label={name.replaceAll('_', ' ')}
              description={about}
              checked={names.includes(name)}
              onChange={({ currentTarget: { checked } }) => toggle(name, checked)}
            />
          ))}
        </div>
      </details>
      {items.map((item, i) => {
        const name = names[i]
        if (name === undefined) return null
        const isBare = typeof item === 'string'
        const at = [...path, i, name]
        const { shown, others } = isBare ? { shown: [], others: [] } : fieldsAt(form, at)
        return isBare || shown.length + others.length === 0 ? null : (
          <section key={`${name} ${i}`} className={style.part} aria-label={name}>
            <h3>{name.replaceAll('_', ' ')}</h3>
            <OpenFields form={form} path={at} label={name} />
          </section>
        )
      })}
    </fieldset>
  )
}

/** `champion` of `champion`, and of `{ champion: { … } }` with whatever stands beside it. */
function nameIn(item: unknown): string | undefined {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null) return undefined
  return Object.keys(item).find((key) => key !== 'name' && key !== 'then')
}
