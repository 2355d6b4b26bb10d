import { turning } from './screen.ts'

/** What is known of a month of production. What is not known yet is undefined. */
export interface Month {
  /** `2013-04` */
  readonly month: string
  readonly flights: number
  /** What is done with it now. */
  readonly doing?: string | undefined
  /** Inputs beyond their thresholds of drift, the farthest first. */
  readonly drifted?: readonly { readonly feature: string; readonly value: number }[]
  /** By what the model says of itself, at once. */
  readonly estimated?: number | null
  /** By what became of the flights, a month later. */
  readonly real?: number | null
  readonly breached?: boolean
  readonly alert?: string
}

const heading = '   month       flights   roc_auc              inputs that drifted             alert'
const second = '                         estimated   real'

/** The year as a table: a line a month. */
export const yearTable = (months: readonly Month[]): readonly string[] => [
  heading,
  second,
  ...months.map(line),
]

function line(month: Month): string {
  const { flights, doing, drifted, estimated, real, breached, alert } = month
  const name = new Date(`${month.month}-15`).toLocaleString('en', { month: 'long', timeZone: 'UTC' })
  const figures = `${score(estimated).padEnd(9)}   ${`${score(real)}${breached === true ? ' ▼' : ''}`.padEnd(9)}`
  const words =
    doing === undefined ? `${inWords(drifted).padEnd(30)}  ${alert ?? ''}` : `${turning()} ${doing}`
  return `   ${name.padEnd(10)} ${flights.toLocaleString('en').padStart(8)}   ${figures}   ${words}`.trimEnd()
}

const score = (value: number | null | undefined): string =>
  value === undefined ? '·' : value === null ? 'no data' : value.toFixed(3)

/** `temp 0.99, humid 0.39 and 2 more` */
function inWords(drifted: Month['drifted']): string {
  if (drifted === undefined) return ''
  if (drifted.length === 0) return 'none'
  const named = drifted.slice(0, 2).map(({ feature, value }) => `${feature} ${value.toFixed(2)}`)
  const more = drifted.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
