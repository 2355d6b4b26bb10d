import { parseDocument, stringify } from 'yaml'
import { errors } from '../../../../kernel/errors.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { stableJson } from '../../../../kernel/resources/row.ts'

/**
 * A declared file with these settings, everything else (comments, order, quotes) as it was; undefined where it is so
 * already. They are named by paths as `settings.max_instances`; null takes one away. Throws validation for what is no
 * YAML map.
 */
export function withSettings(text: string, settings: Json, file: string): string | undefined {
  let changed = text
  for (const [field, value] of Object.entries(settings)) changed = withSetting(changed, field, value, file)
  return changed === text ? undefined : changed
}

function withSetting(text: string, field: string, value: unknown, file: string): string {
  const document = parseDocument(text)
  if (document.errors.length > 0 || document.contents === null)
    throw errors.validation(
      `${file} is no YAML that could be changed: ${document.errors[0]?.message ?? 'it is empty'}`,
    )
  const path = field.split('.')
  const known = (document.toJS() as unknown) ?? {}
  const now = path.reduce<unknown>(
    (at, step) => (at as Readonly<Record<string, unknown>> | null)?.[step],
    known,
  )
  if (value === null ? now === undefined : stableJson(now) === stableJson(value)) return text
  if (value === null) {
    document.deleteIn(path)
    return document.toString()
  }
  const at = document.getIn(path, true) as { range?: readonly [number, number, number] } | undefined
  // A value of one line is replaced by its characters only.
  if (at?.range !== undefined && typeof now !== 'object' && typeof value !== 'object')
    return text.slice(0, at.range[0]) + stringify(value).trimEnd() + text.slice(at.range[1])
  document.setIn(path, value)
  return document.toString()
}
