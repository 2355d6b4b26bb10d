import { anything, choice, object, text } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { spoken } from './spoken.ts'
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

export const dataContract: Shape<DataContract> = spoken(fields, 'dataContract')
