/**
 * The last step of an evaluation: reads the predictions of both models and judges them. A process of the job, with the
 * server's own Node, because a million rows are no work for the server's thread.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openColumns } from '../../analytics/columns/columns.ts'
import { UserError } from '../../kernel/errors.ts'
import { evaluations } from './evaluations.ts'
import type { Answer } from './answer.ts'
import { answerFile, questionSchema, questionVariable } from './question.ts'
import { readRows } from './rows/read-rows.ts'
import { summaryOf } from './summary/summary.ts'

/** What DuckDB may take before it spills to the job's folder. */
const memoryBytes = 1024 * 1024 * 1024

const { kind, parameters, judged } = questionSchema.parse(JSON.parse(process.env[questionVariable] ?? '{}'))
const folderOf = (role: string) => process.env[`AZURE_ML_INPUT_${role}`]
const output = process.env['AZURE_ML_OUTPUT_conclusion'] ?? '.'
const spill = join(process.cwd(), '.spill')
await mkdir(spill, { recursive: true })
const database = await openColumns({ memoryBytes, spill })
try {
  const { rows: questionOf, evaluate, isSummarised } = evaluations[kind]
  const folders = { candidate: folderOf('candidate') ?? '', champion: folderOf('champion') }
  const began = performance.now()
  const asked = questionOf(parameters)
  const rows = await readRows(database, folders, asked)
  const read = performance.now()
  const findings = evaluate(parameters, rows, judged)
  const summary = isSummarised ? { summary: summaryOf(rows, asked.target, judged) } : {}
  await answer({ findings, ...summary })
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  console.log(
    `${rows.rows} rows read in ${seconds(read - began)} s and judged in ${seconds(performance.now() - read)} s: ${findings.verdict}. ${findings.summary}`,
  )
} catch (error) {
  // What is wrong with the data or the plan is an answer, which the gate tells; anything else is a bug.
  if (!(error instanceof UserError)) throw error
  console.log(error.message)
  await answer({ problem: error.message })
} finally {
  database.close()
  await rm(spill, { recursive: true, force: true })
}

function answer(found: Answer): Promise<void> {
  return writeFile(join(output, answerFile), JSON.stringify(found))
}
