import type { Path } from '../../../../../src/cli/yaml/source.ts'
import type { Form } from './form.ts'

/** The fields of the map at a path: those to show at once, and those that may be added. */
export function fieldsAt(
  form: Form,
  path: Path,
  first: readonly string[] = [],
  without: readonly string[] = [],
): {
  readonly shown: readonly string[]
  readonly others: readonly { name: string; about: string | undefined }[]
} {
  const fields = new Map(form.describe(path).flatMap((one) => [...one.fields]))
  const value = form.value(path)
  const there = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
  const isWanted = (name: string) => !without.includes(name)
  const required = [...fields].filter(([, { isRequired }]) => isRequired).map(([name]) => name)
  const shown = [...new Set([...first, ...required, ...there])].filter(isWanted)
  return {
    shown,
    others: [...fields]
      .filter(([name]) => isWanted(name) && !shown.includes(name))
      .map(([name, { about }]) => ({ name, about })),
  }
}
