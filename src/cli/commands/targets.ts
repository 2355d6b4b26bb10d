import type { Client } from '../client/client.ts'
import { usage } from '../failure.ts'
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
