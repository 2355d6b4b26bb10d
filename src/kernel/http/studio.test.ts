import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { studioRoutes } from './studio.ts'

describe('Studio’s files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const text = 'export const loops = 2\n'.repeat(200)
  before(() => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Twinloop</title>')
    writeFileSync(join(folder, 'assets/index-a1b2.js'), text)
    writeFileSync(join(folder, 'assets/secret.txt'), 'not for browsers')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const get = async (path: string, headers: Record<string, string> = {}) =>
    studioRoutes(folder).request(path, { headers })

  test('every page is the one document, which nothing from elsewhere can be put into', async () => {
    for (const path of ['/', '/sign-in', '/w/dev', '/w/dev/jobs/plucky_heron?tab=logs']) {
      const answer = await get(path)
      assert.equal(answer.status, 200, path)
      assert.match(await answer.text(), /<title>Twinloop/)
      assert.match(
        answer.headers.get('content-security-policy') ?? '',
        /default-src 'self'.*frame-ancestors 'self'/,
      )
      assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /script-src|unsafe-eval/)
      assert.equal(answer.headers.get('cache-control'), 'no-cache')
    }
  })

  test('what is no page of Studio stays an error: paths belong to protocols', async () => {
    for (const path of ['/jobs', '/wat', '/api/2.0/mlflow/nothing', '/sign-in/x'])
      assert.equal((await get(path)).status, 404, path)
  })

  test('files are kept for ever, and sent as small as the browser can take them', async () => {
    const path = '/assets/index-a1b2.js'
    const plain = await get(path)
    assert.equal(await plain.text(), text)
    assert.match(plain.headers.get('cache-control') ?? '', /immutable/)
    assert.match(plain.headers.get('content-type') ?? '', /javascript/)
    const br = await get(path, { 'accept-encoding': 'gzip, br' })
    assert.equal(br.headers.get('content-encoding'), 'br')
    assert.equal(brotliDecompressSync(await br.arrayBuffer()).toString(), text)
    const gzip = await get(path, { 'accept-encoding': 'gzip' })
    assert.equal(gunzipSync(await gzip.arrayBuffer()).toString(), text)
    assert.equal(gzip.headers.get('vary'), 'Accept-Encoding')
  })

  test('only what was built for browsers is served', async () => {
    for (const path of [
      '/assets/secret.txt',
      '/assets/..%2findex.html',
      '/assets/%2e%2e/index.html',
      '/assets/no.js',
    ])
      assert.equal((await get(path)).status, 404, path)
  })

  test('without a build the page says how to make one', async () => {
    const answer = await studioRoutes(join(folder, 'nowhere')).request('/')
    assert.equal(answer.status, 503)
    assert.match(await answer.text(), /npm run build:studio/)
  })
})
