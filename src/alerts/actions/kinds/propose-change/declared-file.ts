import { parseDocument } from 'yaml'
import { errors } from '../../../../kernel/errors.ts'

/**
 * A declared file with one setting changed, everything else (comments, order, quotes) as it was; undefined where it is
 * so already. `field` is a path as `settings.max_instances`. Throws validation for what is no YAML map.
 */
export function withSetting(text: string, field: string, value: number, file: string): string | undefined {
  const document = parseDocument(text)
  if (document.errors.length > 0 || document.contents === null)
    throw errors.validation(
      `${file} is no YAML that could be changed: ${document.errors[0]?.message ?? 'it is empty'}`,
    )
  const path = field.split('.')
  if (document.getIn(path) === value) return undefined
  const at = document.getIn(path, true) as { range?: readonly [number, number, number] } | undefined
  // Where it stands there, only its characters are replaced.
  if (at?.range !== undefined) return text.slice(0, at.range[0]) + String(value) + text.slice(at.range[1])
  document.setIn(path, value)
  return document.toString()
}
