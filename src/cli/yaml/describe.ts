import type { Fields, Look, Shape } from './shape.ts'

/** The shape that stands for another which is made later, or the shape itself. */
const settled = (shape: Shape<unknown>): Shape<unknown> =>
  shape.form.kind === 'later' ? settled(shape.form.shape()) : shape

/** Looks at nothing there: what `choose` then gives is what may stand there. */
const blank = (kind: Look['kind']): Look => ({
  kind,
  text: undefined,
  field: () => undefined,
  has: () => false,
})

/** What may stand where a shape is expected, each once: a scalar, a map or a list where it depends on that. */
export function alternatives(shape: Shape<unknown>): readonly Shape<unknown>[] {
  const one = settled(shape)
  const { form } = one
  if (form.kind !== 'choose') return [one]
  const picked = (['scalar', 'map', 'list'] as const).map((kind) => form.pick(blank(kind)))
  return [...new Set(picked)].flatMap(alternatives)
}

/** The named fields of a shape, of all its alternatives; undefined where it has none. */
export function fieldsOf(shape: Shape<unknown>): Fields | undefined {
  const found = alternatives(shape).flatMap(({ form }) => (form.kind === 'object' ? [form.fields] : []))
  return found.length === 0 ? undefined : Object.assign({}, ...found)
}
