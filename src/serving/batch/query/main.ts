/**
 * The first step of a batch scoring job that was given a query: asks it of the job's inputs, and writes the rows that
 * are to be scored. A process of the job, with the server's own Node.
 */
import { join } from 'node:path'
import { AnalyticsError } from '../../../analytics/analytics.ts'
import { createAnalytics } from '../../../analytics/create-analytics.ts'
import { UserError } from '../../../kernel/errors.ts'
import { writeAnswer } from './ask.ts'
import { questionSchema, questionVariable, rowsOutput } from './question.ts'

/** What DuckDB may take before it spills to the job's folder. */
const memoryBytes = 1024 * 1024 * 1024

const { sql, tables } = questionSchema.parse(JSON.parse(process.env[questionVariable] ?? '{}'))
const pathOf = (input: string) => process.env[`AZURE_ML_INPUT_${input}`] ?? ''
const folder = process.env[`AZURE_ML_OUTPUT_${rowsOutput}`] ?? '.'
const analytics = createAnalytics(join(process.cwd(), '.analytics'), { memoryBytes, sessions: 1 })
try {
  const paths = Object.fromEntries(tables.map(({ name, input }) => [name, pathOf(input)]))
  console.log(sql)
  const began = performance.now()
  const { rows, columns, bytes } = await writeAnswer(analytics, { sql, paths }, folder)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `${rows} rows of ${columns.length} columns (${columns.join(', ')}), ${bytes} bytes in ${seconds} s`,
  )
} catch (error) {
  if (!(error instanceof UserError) && !(error instanceof AnalyticsError)) throw error
  // What was asked of DuckDB has a line of ours before the user's first.
  const message = error.message.replace(/^LINE (\d+): /m, (_, line) => `LINE ${Number(line) - 1}: `)
  console.error(`The query cannot be answered: ${message}`)
  process.exitCode = 1
} finally {
  await analytics.stop()
}
