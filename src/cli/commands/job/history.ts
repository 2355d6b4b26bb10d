import type { Client } from '../../client/client.ts'

/** What run history tells of a run: the part of it that is used here. */
export interface RunDetails {
  readonly runId: string
  readonly status: string
  /** URLs of the log's files by path; each carries its own signature. */
  readonly logFiles?: Readonly<Record<string, string>>
  readonly error?: { readonly error?: { readonly message?: string; readonly code?: string } } | null
  readonly warnings?: readonly { readonly message?: string }[]
}

/** Asks run history of a run, as Azure's SDK does while it streams. */
export async function detailsOf(client: Client, name: string): Promise<RunDetails> {
  return client.get<RunDetails>(`${history(client)}/runs/${encodeURIComponent(name)}/details`)
}

/** Names of a pipeline's steps that have begun. */
export async function childrenOf(client: Client, name: string): Promise<readonly string[]> {
  const children = await client.list<{ runId: string }>(
    `${history(client)}/runs/${encodeURIComponent(name)}/children`,
  )
  return children.map((child) => child.runId)
}

/** States from which a job does not go on. */
export const isOver = (status: string) => /^(Completed|Failed|Canceled|NotResponding)$/i.test(status)

const history = (client: Client) => `${client.connection.url}/history/v1.0${client.workspaceId}`
