import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import { lastSeq } from '../../store/event-rows.ts'
import { tidy } from './maintenance.ts'

test('expired tokens and old events go, what is current stays', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const { platform } = t.app
  const expired = await platform.access.issueToken('administrator', {
    purpose: 'test',
    expiresAt: new Date(1),
  })
  const count = async () =>
    (
      await platform.store.db
        .selectFrom('tokens')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  const before = await count()
  await platform.store.db
    .insertInto('outbox')
    .values({ id: 'old', type: 'Test', source: '/', subject: 'x', time: 1, data: '{}' })
    .execute()
  // Whoever consumes events learns of the next, and passes the old one on the way.
  await t.send('PUT', t.workspace, { location: 'local', tags: { told: 'again' }, properties: {} })
  const last = await lastSeq(platform.store.db)
  const behind = () =>
    platform.store.db.selectFrom('event_cursors').select('seq').where('seq', '<', last).executeTakeFirst()
  while ((await behind()) !== undefined) await new Promise(setImmediate)
  await tidy(platform, [])
  assert.equal(await count(), before - 1)
  assert.equal(
    (await t.send('GET', t.workspace, undefined, { authorization: `Bearer ${expired}` })).status,
    401,
  )
  assert.equal((await t.send('GET', t.workspace)).status, 200)
  const ids = (await platform.store.db.selectFrom('outbox').select('id').execute()).map((r) => r.id)
  assert.ok(!ids.includes('old') && ids.length > 0)
})
