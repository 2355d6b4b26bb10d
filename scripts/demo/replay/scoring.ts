import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A flight of `arrivals.json`: what became of the row of the same number in `request.json`. */
export interface Arrival {
  readonly flight: string
  readonly from: string
  readonly to: string
  readonly date: string
  readonly departs: string
  readonly minutes_late: number
}

export interface Scored extends Arrival {
  /** Predicted chance of arriving more than 15 minutes late, 0 to 1. */
  readonly chance: number
  readonly late: boolean
}

/** Sends the flights of `request.json` to an endpoint, as any program would, and sets its answers beside what happened. */
export async function scoreFlights(
  folder: string,
  endpoint: { readonly uri: string; readonly key: string; readonly signal: AbortSignal },
): Promise<readonly Scored[]> {
  const answer = await fetch(endpoint.uri, {
    method: 'POST',
    headers: { authorization: `Bearer ${endpoint.key}`, 'content-type': 'application/json' },
    body: readFileSync(join(folder, 'request.json')),
    signal: endpoint.signal,
  })
  if (!answer.ok) throw new Error(`${endpoint.uri} answered ${answer.status}: ${await answer.text()}`)
  // For each flight the model answers with two chances: of being on time, and of being late.
  const chances = (await answer.json()) as readonly (readonly [number, number])[]
  const arrivals = JSON.parse(readFileSync(join(folder, 'arrivals.json'), 'utf8')) as readonly Arrival[]
  if (chances.length !== arrivals.length)
    throw new Error(`${arrivals.length} flights were sent and ${chances.length} predictions came back.`)
  return arrivals.map((flight, i) => ({
    ...flight,
    chance: chances[i]?.[1] ?? 0,
    late: flight.minutes_late > 15,
  }))
}

/**
 * Area under the ROC curve: how often a late flight was given a higher chance than one that was not, ties counting half
 * (the Mann-Whitney statistic). NaN if all flights ended alike.
 */
export function rocAuc(flights: readonly Scored[]): number {
  const late = flights.filter((f) => f.late)
  const rest = flights.filter((f) => !f.late)
  const wins = late.flatMap((l) =>
    rest.map((r) => (l.chance > r.chance ? 1 : l.chance === r.chance ? 0.5 : 0)),
  )
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length
}

/** The share of the flights that were late. */
export const lateRate = (flights: readonly Scored[]): number =>
  flights.filter((f) => f.late).length / flights.length

export const percent = (share: number): string => `${Math.round(share * 100)} %`

export const arrivedWords = (minutes: number): string =>
  minutes > 0 ? `${minutes} min after schedule` : minutes < 0 ? `${-minutes} min early` : 'on the minute'
