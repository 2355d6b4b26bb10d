import { Hono } from 'hono'
import { z } from 'zod'
import type { Platform } from '../../kernel/platform.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { readJson } from '../../kernel/rest/body.ts'
import { insertAudit } from '../../store/access-rows.ts'
import { isOwnContainer, ownerOfContainer } from '../containers.ts'
import { graceMs, sweep } from './sweep.ts'

const server = '/providers/Twinloop/server'
const operation = 'Twinloop/server/clean/action'

const input = z.object({ dryRun: z.boolean().default(true) })

/**
 * `POST /providers/Twinloop/server/clean { dryRun? }`: what on the disk nothing needs any more, and unless it is a dry run
 * (which it is if nothing is said) removes that now rather than within the hour. Answers `{ dryRun, files, bytes, later,
 * deletedPlaces }`: bytes that no name has meant for a day; `later` those that are not that old; `deletedPlaces` the files of
 * workspaces and registries that were deleted. A dry run is for who may read the server's measurements.
 */
export function cleanRoutes(platform: Platform): Hono<Frame> {
  return new Hono<Frame>().post(`${server}/clean`, async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    const body = await readJson(context, platform.config.maxBodyBytes)
    const { dryRun } = parseOrThrow(input, body, 'The body')
    await platform.access.require(actor, dryRun ? 'Twinloop/metrics/read' : operation, '')
    const deletedPlaces = await ofDeletedPlaces(platform)
    const swept = dryRun ? undefined : await sweep(platform)
    const left = await platform.artifacts.sweepable(graceMs)
    if (swept !== undefined)
      await insertAudit(platform.store.db, {
        time: platform.clock().getTime(),
        actor: actor.id,
        operation,
        resource: server.toLowerCase(),
        status: 200,
        request_id: context.get('requestId'),
        detail: `removed ${swept.files} files of ${swept.bytes} bytes, and ${deletedPlaces.files} names of deleted places`,
      })
    const { files, bytes } = swept ?? left
    return context.json({ dryRun, files, bytes, later: left.younger, deletedPlaces })
  })
}

/** What workspaces and registries that were deleted have left behind. */
async function ofDeletedPlaces(platform: Platform) {
  const left = { places: 0, files: 0, bytes: 0 }
  for (const container of await platform.artifacts.containers()) {
    if (!isOwnContainer(container) || (await ownerOfContainer(platform, container)) !== undefined) continue
    left.places += 1
    for (let after: string | undefined; ;) {
      const page = await platform.artifacts.list(container, '', after === undefined ? {} : { after })
      left.files += page.blobs.length
      left.bytes += page.blobs.reduce((sum, { size }) => sum + size, 0)
      if (page.next === undefined) break
      after = page.next
    }
  }
  return left
}
