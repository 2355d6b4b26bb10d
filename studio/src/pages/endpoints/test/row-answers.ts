/** What was answered to each row, as text; undefined where the answer does not tell its rows apart. */
export function answersOf(answer: unknown, rows: number): readonly string[] | undefined {
  const { predictions, outputs } = isMap(answer) ? answer : {}
  const list = [answer, predictions, outputs].find(
    (one): one is readonly unknown[] => Array.isArray(one) && one.length === rows,
  )
  return list?.map(shown)
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (isMap(value))
    return Object.entries(value)
      .map(([name, one]) => `${name} ${shown(one)}`)
      .join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Which row a refusal is about, and which of its columns: as far as the server says so. */
export interface Refused {
  /** Counted from 0, as the server counts. */
  readonly row?: number
  readonly column?: string
  readonly message: string
}

/** Why there is no prediction, of an answer that is an error's body. */
export function refusalOf(answer: unknown): Refused {
  const message = messageOf(answer)
  const row = /\brow (\d+)\b/i.exec(message)?.[1]
  const column = /\bcolumn ["'‘“]?([^"'’”]+)["'’”]/i.exec(message)?.[1]
  return {
    message,
    ...(row === undefined ? {} : { row: Number(row) }),
    ...(column === undefined ? {} : { column }),
  }
}

function messageOf(answer: unknown): string {
  if (typeof answer === 'string') return answer
  const { message, error } = isMap(answer) ? answer : {}
  if (typeof message === 'string') return message
  if (typeof error === 'string') return error
  return isMap(error) && typeof error['message'] === 'string' ? error['message'] : JSON.stringify(answer)
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
