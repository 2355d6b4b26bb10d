import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import type { AccessEntry } from '../gateway/requests/access-log.ts'
import { gatewayFolder } from '../routing/folders.ts'
import { endpointPath } from '../routing/table.ts'

/** Of the access log so much is looked at, from its end: some 40,000 requests. */
const mostBytes = 8 * 1024 * 1024

const asked = z.object({
  /** How many at most. */
  top: z.number().int().min(1).max(500).default(50),
  /** The least status: 500 leaves out what callers did wrong. */
  minStatus: z.number().int().min(400).max(599).default(400),
})

/**
 * POST failures { top?, minStatus? }: the endpoint's latest requests that got no prediction, newest first, by the gateway's
 * access log on this machine: `{ value: [{ time, requestId, deployment, status, reason, ms }], since }`. `since` is how far back
 * was looked; null of a gateway that has not been asked yet.
 */
export const failures: Action = {
  operation: 'read',
  input: asked,
  async run({ platform, resource, input }) {
    const { top, minStatus } = input as z.infer<typeof asked>
    const entries = await lastEntries(join(gatewayFolder(platform.config.home), 'access.log'))
    const prefix = `/${endpointPath(resource.id, platform.config)}/`.toLowerCase()
    const value = entries
      .filter(({ path, status }) => status >= minStatus && path.toLowerCase().startsWith(prefix))
      .slice(-top)
      .toReversed()
      .map(({ time, requestId, deployment, status, reason, ms }) => ({
        time,
        requestId,
        deployment: deployment ?? null,
        status,
        reason: reason ?? null,
        ms,
      }))
    return { body: { value, since: entries[0]?.time ?? null } }
  },
}

/** The last lines of the log, oldest first; a line that is not whole is left out. */
async function lastEntries(path: string): Promise<readonly AccessEntry[]> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return []
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n')
    return lines.slice(from > 0 ? 1 : 0).flatMap((line) => entryOf(line))
  } finally {
    await file.close()
  }
}

function entryOf(line: string): readonly AccessEntry[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as AccessEntry]
  } catch {
    return []
  }
}
