import {
  limit,
  eitherOf,
  listOf,
  mapOf,
  oneOfWords,
  word,
  yesOrNo,
  type JsonSchema,
} from '../../../kernel/grammar/json-schema.ts'
import { columnKeys } from './of-columns.ts'
import { ofTables } from './of-tables.ts'

/** What each keyword holds of a column, in a sentence: `docs/data-contracts.md` has their forms. */
const ofColumn: Readonly<Record<string, string>> = {
  not_null: 'No value is missing.',
  null_rate: 'The share of missing values.',
  in: 'Each value is one of these.',
  not_in: 'No value is one of these.',
  between: 'Each value lies in this range.',
  matches: 'Each value matches this regular expression.',
  unique: 'No value comes twice.',
  quantile: 'Quantiles lie in ranges: { p50: [0, 10] }.',
  drift: 'How far it is from a version before: { psi: 0.1 }.',
  fresh: 'The newest value is not older than this.',
}
const ofTable: Readonly<Record<string, string>> = {
  row_count: 'How many rows there are.',
  column_count: 'How many columns there are.',
  schema: 'Columns that have to be there, with their types.',
  unique: 'No combination of these columns comes twice.',
  primary_key: 'These columns are never missing, and no combination comes twice.',
  duplicates: 'How many rows are there twice.',
  compare: 'One column against another, row by row.',
  sum_of: 'Columns add up to another.',
  references: 'Each value is there in another data asset.',
  satisfies: 'Each row satisfies this SQL condition.',
  sql: 'This query finds no row.',
  freshness: 'The newest time is not older than this.',
}
const options = {
  severity: oneOfWords('Whether a breach fails the contract or warns. Default fail.', 'warn', 'fail'),
  where: word('Only of rows that satisfy this SQL condition.'),
  mostly: limit('The share of the rows that has to. Default all.', '95%'),
  description: word('Why it is expected.'),
}

/** What may be written in a data contract. */
export const contractSchema = (): JsonSchema => ({
  ...mapOf(
    'A data contract: what is expected of every version of data.',
    {
      data: word('Name of the data asset, without a version.'),
      checks: listOf('What is expected.', {
        type: 'object',
        description: 'A check of the table, or all that is expected of a column, under its name.',
        properties: {
          ...Object.fromEntries(
            Object.keys(ofTables).map((key) => [
              key,
              { description: ofTable[key] ?? 'A check of the table.' },
            ]),
          ),
          column: word('A column that is called like a check.'),
          ...options,
        },
        additionalProperties: {
          type: 'object',
          description: 'What is expected of this column.',
          properties: {
            ...Object.fromEntries(
              columnKeys.map((key) => [key, { description: ofColumn[key] ?? 'A check of the column.' }]),
            ),
            ...options,
          },
        },
      }),
      severity: oneOfWords('Of checks that say nothing of their own. Default fail.', 'warn', 'fail'),
      enforce: yesOrNo('Whether a version that breaks it is refused. Default false: it is marked.'),
      examples: {
        type: 'integer',
        minimum: 0,
        maximum: 20,
        description: 'How many rows that break it are kept.',
      },
      freshness: eitherOf(
        'How old the newest data may be.',
        mapOf('A column of times and an age.', {
          column: word('The column of times.'),
          within: word('How old.', '1d', '40d'),
        }),
      ),
    },
    ['data'],
  ),
})
