import type { Client } from '../../client/client.ts'
import { Failure, usage } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { encode } from '../verbs.ts'

/** What names a release on a command line. */
export const releaseWords = {
  placeholder: 'PLAN[/NUMBER]',
  summary: 'A release; without a number the latest of its plan.',
  required: true,
} as const

export const planPath = (name: string): string => `/providers/Twinloop/releasePlans/${encode(name)}`

/** The path of the release that is meant. A Failure where its plan has none yet. */
export async function releasePath(client: Client, words: readonly string[]): Promise<string> {
  const [word, ...others] = words
  if (word === undefined || others.length > 0)
    throw usage(
      word === undefined ? 'which release?' : 'one release at a time',
      'PLAN/NUMBER, or PLAN for its latest',
    )
  const match = /^([^/]+)(?:\/(\d+))?$/.exec(word)
  if (match === null) throw usage(`${word} names no release`, 'PLAN/NUMBER, such as flight-delay/14')
  const [, plan = '', number] = match
  if (number !== undefined) return `${planPath(plan)}/releases/${number}`
  const [latest] = await client.list<Body>(`${planPath(plan)}/releases`, {}, 1)
  if (latest === undefined)
    throw new Failure(`${plan} has no release yet`, { hint: `twinloop release create --plan ${plan}` })
  return `${planPath(plan)}/releases/${latest.name}`
}
