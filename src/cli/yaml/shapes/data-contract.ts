import { parseContract } from '../../../data/contracts/grammar/parse.ts'
import { anything, choice, object, report, text } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { header } from './values.ts'

const fields = object('a data contract', {
  ...header,
  type: choice('data_contract'),
  data: text(),
  severity: anything(),
  enforce: anything(),
  examples: anything(),
  checks: anything(),
  freshness: anything(),
})
export type DataContract = Infer<typeof fields>

/** Fields as any file has them, and in them what the server's own grammar says of each, at its place in the file. */
export const dataContract: Shape<DataContract> = {
  says: fields.says,
  form: fields.form,
  read(reading, node, path) {
    const before = reading.problems.length
    const value = fields.read(reading, node, path)
    if (value === undefined || reading.problems.slice(before).some((p) => p.severity === 'error'))
      return value
    for (const { path: at, part, message, hint } of parseContract(value).mistakes)
      report(reading, [...path, ...at], message, { part, hint })
    return value
  },
}
