import type { Client } from '../client/client.ts'
import { Failure, usage } from '../failure.ts'
import type { Noun } from './verbs.ts'

/** The name that a file or flag gave; a usage failure if neither did. */
export function nameOf(name: string | undefined, noun: Pick<Noun, 'title'>): string {
  if (name !== undefined) return name
  throw usage(`this ${noun.title} has no name`, 'add name: to the file, or --name NAME')
}

/** The workspace's region, which is that of what is made in it; as Azure's SDK asks for it. */
export async function locationOf(client: Client): Promise<string> {
  const workspace = await client.get<{ location?: string }>('')
  return workspace.location ?? 'local'
}

/** A moment as people type it, a day or an ISO time, as the ISO time that it means in UTC. */
export function moment(text: string, flag: string): string {
  const isDay = /^\d{4}-\d\d(?:-\d\d)?$/.test(text)
  const at = new Date(isDay ? text : /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
  if (!/^\d{4}-\d\d/.test(text) || Number.isNaN(at.getTime()))
    throw new Failure(`${flag} ${text} is no time`, { hint: 'such as 2026-01-31 or 2026-01-31T06:00:00Z' })
  return new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString()
}
