import { join } from 'node:path'
import { z } from 'zod'
import { gatewayFolder, shortHash } from '../routing/folders.ts'

/**
 * Where collected data wait until the control plane takes them up: one folder for each deployment, into which the
 * gateway and the deployment's instances write JSON lines. A file is `{writer}-{pid}-{since}{n}.open` while it is written,
 * and `.jsonl` when it is whole; what a writer that was killed leaves open is whole as far as its last line end.
 */
export const spoolsFolder = (home: string): string => join(gatewayFolder(home), 'collected')
export const spoolFolder = (home: string, deployment: string): string =>
  join(spoolsFolder(home), shortHash(deployment))

/** A whole request as the gateway saw it. */
const exchange = z.object({
  kind: z.literal('exchange'),
  /** x-request-id, by which inputs, outputs and labels are joined. */
  id: z.string(),
  client: z.string().optional(),
  at: z.string(),
  operation: z.enum(['score', 'invocations', 'infer']),
  requestType: z.string(),
  request: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  status: z.number(),
  responseType: z.string(),
  response: z.string(),
})

/** What a script handed to the collector: the body of its request to the collector's port, and the headers that matter. */
const logged = z.object({
  kind: z.literal('logged'),
  /** Of this record. */
  id: z.string(),
  /** `azureml.inference.{collection}`. */
  type: z.string(),
  at: z.string(),
  correlationId: z.string().optional(),
  dataType: z.string().optional(),
  agent: z.string().optional(),
  modelVersion: z.string().optional(),
  contentType: z.string(),
  body: z.string(),
})

const spooled = z.discriminatedUnion('kind', [exchange, logged])
export type Exchange = z.infer<typeof exchange>
export type Logged = z.infer<typeof logged>
export type Spooled = z.infer<typeof spooled>

/** The lines of a file that can be read, and how many cannot: the last of one whose writer was killed, say. */
export function readSpool(text: string): { readonly lines: readonly Spooled[]; readonly broken: number } {
  const lines: Spooled[] = []
  let broken = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      lines.push(spooled.parse(JSON.parse(line)))
    } catch {
      broken++
    }
  }
  return { lines, broken }
}

/** The process that writes (or wrote) a file, and when it began to, in milliseconds since 1970. */
export interface Writer {
  readonly pid: number
  readonly since: number
}

/** Who writes an open file; undefined for any other. */
export function writerOf(file: string): Writer | undefined {
  const [, pid, since] = /-(\d+)-(\d{13})\d*\.open$/.exec(file) ?? []
  return pid === undefined ? undefined : { pid: Number(pid), since: Number(since) }
}
