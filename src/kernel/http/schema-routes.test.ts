import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'

test('editors get the schemas of files without signing in, and are told when they are still the same', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const { http } = t.app.platform.urls
  const get = (path: string, headers = {}) => t.app.fetch(new Request(`${http}${path}`, { headers }))

  const list = (await (await get('/schemas')).json()) as { value: { name: string; url: string }[] }
  const rule = list.value.find(({ name }) => name === 'alert-rule')
  assert.equal(rule?.url, `${http}/schemas/alert-rule.schema.json`)

  const answer = await get('/schemas/alert-rule.schema.json')
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/schema\+json/)
  assert.match(answer.headers.get('cache-control') ?? '', /max-age=3600/)
  const schema = (await answer.json()) as { properties: { when: { properties: object } } }
  // What the server's own grammar says is in it, as documentSchema tells it.
  const { body } = await t.send('POST', `${t.workspace}/documentSchema`, { grammar: 'alertRule' })
  assert.deepEqual(
    Object.keys(schema.properties.when.properties),
    Object.keys(body.properties.when.properties),
  )

  const etag = answer.headers.get('etag') ?? ''
  const same = await get('/schemas/alert-rule.schema.json', { 'if-none-match': etag })
  assert.equal(same.status, 304)
  assert.equal(await same.text(), '')

  // As Azure writes it in `$schema`.
  assert.equal((await get('/schemas/commandJob.schema.json')).status, 200)
  const none = await get('/schemas/alert-rul.schema.json')
  assert.equal(none.status, 404)
  assert.match(await none.text(), /did you mean alert-rule\?/)
})
