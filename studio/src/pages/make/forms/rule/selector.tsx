import type { Path } from '../../../../../../src/cli/yaml/source.ts'
import type { Form } from '../form.ts'
import { NameField, PairsField } from '../inputs.tsx'
import { asWords } from './conditions.ts'
import { useLabelsOf } from './known.ts'

/** A metric, and which of its series: `NAME`, or `{ metric: NAME, where: … }`, whichever says it in fewer words. */
export function SelectorFields({
  form,
  path,
  label,
  about,
}: {
  readonly form: Form
  readonly path: Path
  readonly label: string
  readonly about: string
}) {
  const value = form.value(path)
  const isMap = typeof value === 'object'
  const metric = isMap ? asWords(value)['metric'] : value
  const known = useLabelsOf(metric)
  return (
    <>
      <NameField
        form={form}
        path={isMap ? [...path, 'metric'] : path}
        of="measurement"
        label={label}
        about={about}
      />
      <PairsField
        form={form}
        path={[...path, 'where']}
        label={`of ${label} only`}
        about={known.length === 0 ? 'Labels.' : `Labels: ${known.join(', ')}.`}
        put={(where) => form.set(path, where === undefined ? metric : { metric, where })}
      />
    </>
  )
}
