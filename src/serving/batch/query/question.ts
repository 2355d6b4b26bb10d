import { z } from 'zod'

/** What the program of a query asks, and of what: for each table its name in the question and the job's input it is. */
export const questionSchema = z.object({
  sql: z.string(),
  tables: z.array(z.object({ name: z.string(), input: z.string() })),
})

export type Question = z.infer<typeof questionSchema>

/** Environment variable of the job that has the question, as JSON. */
export const questionVariable = 'TWINLOOP_QUERY'
/** Name of the job's output that the rows are written to, and of the file there. */
export const rowsOutput = 'rows'
export const rowsFile = 'rows.parquet'
