import assert from 'node:assert/strict'
import { utimesSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { containerOf } from '../containers.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
})
after(() => t.end())

const clean = async (body?: object, headers?: Record<string, string>) => {
  const { status, body: found } = await t.send(
    'POST',
    '/providers/Twinloop/server/clean',
    body ?? {},
    headers,
  )
  return { status, ...found }
}

/** As if all that is stored by now had been stored two days ago. */
function age() {
  const objects = join(t.home, 'artifacts', 'objects')
  const then = new Date(Date.now() - 2 * 86_400_000)
  for (const file of readdirSync(objects, { recursive: true, withFileTypes: true }))
    if (file.isFile()) utimesSync(join(file.parentPath, file.name), then, then)
}

test('what nothing names is told first and then removed, with a line in the log of who did it', async () => {
  const { artifacts, resources } = t.app.platform
  const container = containerOf(await resources.get(t.workspace), 'blobstore')
  for (const path of ['kept', 'gone', 'late'])
    await artifacts.put({ container, path }, Buffer.from(`${path} bytes`))
  await artifacts.remove({ container, path: 'gone' })
  age()
  await artifacts.remove({ container, path: 'late' })
  await artifacts.put({ container, path: 'young' }, Buffer.from('young bytes!'))
  await artifacts.remove({ container, path: 'young' })
  const told = {
    files: 2,
    bytes: 20,
    later: { files: 1, bytes: 12 },
    deletedPlaces: { places: 0, files: 0, bytes: 0 },
  }
  assert.deepEqual(await clean(), { status: 200, dryRun: true, ...told })
  assert.deepEqual(
    await clean({ dryRun: true }),
    { status: 200, dryRun: true, ...told },
    'a dry run removes nothing',
  )
  assert.deepEqual(await clean({ dryRun: false }), { status: 200, dryRun: false, ...told })
  const left = await clean()
  assert.deepEqual([left.files, left.later.files], [0, 1])
  assert.equal((await artifacts.head({ container, path: 'kept' }))?.size, 10)
  await artifacts.read({ container, path: 'kept' }).then((stream) => stream.resume())
  const { value } = (await t.send('GET', '/providers/Twinloop/audit')).body
  const [line] = (value as { operation: string; detail: string }[]).filter(({ operation }) =>
    operation.endsWith('/clean/action'),
  )
  assert.match(line?.detail ?? '', /^removed 2 files of 20 bytes/)
})

test('what a deleted workspace had is told of, and goes; nobody else may ask for it', async () => {
  const other = t.workspace.replace(/[^/]+$/, 'other')
  assert.equal((await t.send('PUT', other, { location: 'local', properties: {} })).status, 201)
  const { artifacts, resources } = t.app.platform
  const container = containerOf(await resources.get(other), 'blobstore')
  await artifacts.put({ container, path: 'x' }, Buffer.from('x'))
  await t.send('DELETE', other)
  assert.deepEqual((await clean()).deletedPlaces, { places: 1, files: 1, bytes: 1 })
  await clean({ dryRun: false })
  assert.deepEqual((await clean()).deletedPlaces, { places: 0, files: 0, bytes: 0 })
  await t.send('PUT', '/providers/Twinloop/users/rea', { properties: {} })
  const { secretText } = (await t.send('POST', '/providers/Twinloop/users/rea/addPassword', {})).body
  const reader = { authorization: `Bearer ${secretText}` }
  assert.deepEqual(
    [(await clean({}, reader)).status, (await clean({ dryRun: false }, reader)).status],
    [403, 403],
  )
  assert.equal((await clean({ dryRun: 'yes' })).status, 400)
})
