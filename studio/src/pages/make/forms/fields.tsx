import { Select } from '@mantine/core'
import type { Path } from '../../../../../src/cli/yaml/source.ts'
import { fieldsAt } from './fields-at.ts'
import type { Form } from './form.ts'
import { FittingField } from './inputs.tsx'
import style from './forms.module.css'

/**
 * Inputs for the fields of the map at a path: those that there must be, those that there are, and a choice of the others.
 * `first`: names that are always shown.
 */
export function OpenFields({
  form,
  path,
  first = [],
  without = [],
  label,
}: {
  readonly form: Form
  readonly path: Path
  readonly first?: readonly string[]
  readonly without?: readonly string[]
  readonly label: string
}) {
  const { shown, others } = fieldsAt(form, path, first, without)
  return (
    <div className={style.fields}>
      {shown.map((name) => (
        <FittingField key={name} form={form} path={[...path, name]} />
      ))}
      {others.length === 0 ? null : (
        <Select
          aria-label={`Say more of ${label}`}
          placeholder="say more …"
          data={others.map(({ name, about }) => ({
            value: name,
            label: about === undefined ? name : `${name} – ${about}`,
          }))}
          value={null}
          searchable
          onChange={(name) => name !== null && form.set([...path, name], startOf(form, [...path, name]))}
        />
      )}
    </div>
  )
}

/** Something to begin with, so that the field is there. */
function startOf(form: Form, path: Path): unknown {
  const [one] = form.describe(path)
  if (one?.default !== undefined) return one.default
  switch (one?.kind) {
    case 'boolean':
      return true
    case 'number':
      return 0
    case 'choice':
      return one.values?.[0] ?? ''
    case 'list':
      return []
    case 'object':
    case 'map':
      return {}
    default:
      return ''
  }
}
