import { comparePredictions, isTied, usualSize } from './comparison.ts'

/** A request's body with what Python answered, both JSON texts; null where Python raised an error. */
export interface Case {
  readonly body: string
  readonly answer: string | null
}

/** The compiled model, as far as a proof needs it. */
export interface Candidate {
  /** Its answer to a body; undefined where it leaves that to Python. */
  answer(body: string): Promise<string | undefined>
  /** For each row of a body the scores of the classes. */
  scores(body: string): Promise<readonly (readonly number[])[]>
  readonly classes: readonly unknown[]
}

/** Whether both answer the same, by rows; and the first difference, as a sentence, if they do not. */
export interface Finding {
  readonly rows: number
  readonly leftToPython: number
  readonly maxDifference: number
  readonly problem?: string
}

const rowsOf = ({ body }: Case): readonly unknown[][] =>
  (JSON.parse(body) as { input_data: { data: unknown[][] } }).input_data.data

/**
 * Puts every case to the candidate. It may leave a case to Python, but not most of what Python answers; what it
 * answers has to be what Python answers.
 */
export async function proveCases(cases: readonly Case[], candidate: Candidate): Promise<Finding> {
  const usual = usualSize(
    cases.map(({ answer }) => (answer === null ? [] : (JSON.parse(answer) as unknown[]))),
  )
  let [rows, leftToPython, answerable, maxDifference] = [0, 0, 0, 0]
  for (const each of cases) {
    const count = rowsOf(each).length
    const text = await candidate.answer(each.body)
    if (each.answer !== null) answerable += count
    if (text === undefined) {
      leftToPython += count
      continue
    }
    rows += count
    const finding = { rows, leftToPython, maxDifference }
    if (each.answer === null)
      return {
        ...finding,
        problem: `Python raises an error for the row ${shownRow(each, 0)}, and it does not`,
      }
    const expected = JSON.parse(each.answer) as unknown[]
    const compared = comparePredictions(expected, JSON.parse(text) as unknown[], usual, () => false)
    const { difference } = compared.difference ? await compareAgain(each, expected, text) : compared
    if (difference)
      return {
        ...finding,
        problem: `for the row ${shownRow(each, difference.row)} Python answers ${difference.expected} and it ${difference.found}`,
      }
    maxDifference = Math.max(maxDifference, compared.maxDifference)
  }
  if (rows < answerable / 2)
    return {
      rows,
      leftToPython,
      maxDifference,
      problem: `it leaves ${leftToPython} of ${rows + leftToPython} rows to Python`,
    }
  return { rows, leftToPython, maxDifference }

  /** With the scores looked at: labels may differ where two classes are tied. */
  async function compareAgain(each: Case, expected: readonly unknown[], text: string) {
    const scores = candidate.classes.length > 0 ? await candidate.scores(each.body) : []
    const of = (row: number, label: unknown) => scores[row]?.[candidate.classes.indexOf(label)]
    return comparePredictions(expected, JSON.parse(text) as unknown[], usual, (row, a, b) =>
      isTied(of(row, a), of(row, b)),
    )
  }
}

/** At most this much of a row is shown. */
const longestRow = 300

function shownRow(each: Case, row: number): string {
  const text = JSON.stringify(rowsOf(each)[row])
  return text.length > longestRow ? `${text.slice(0, longestRow)}…` : text
}
