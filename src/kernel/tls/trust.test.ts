import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { readTrust } from './trust.ts'

const run = promisify(execFile)

describe('how clients trust the server', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const variables = (env: NodeJS.ProcessEnv = {}) =>
    Object.fromEntries(
      readTrust(t.home, t.app.platform.urls.https, env).variables.map((v) => [v.name, v.value]),
    )

  test('the bundle has what was trusted before, our authority, and nothing twice', () => {
    const company = join(t.home, 'company.pem')
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
    writeFileSync(company, certificate)
    assert.equal(variables()['CURL_CA_BUNDLE'], undefined)
    assert.match(variables({ CURL_CA_BUNDLE: company })['CURL_CA_BUNDLE'] ?? '', /bundle\.pem$/)
    const env = { REQUESTS_CA_BUNDLE: company, SSL_CERT_FILE: company, NODE_EXTRA_CA_CERTS: '/nowhere' }
    const { bundle } = readTrust(t.home, 'https://h', env)
    const text = readFileSync(bundle, 'utf8')
    assert.equal(text.split(certificate).length, 2)
    assert.ok(text.includes(readFileSync(join(t.home, 'ca.pem'), 'utf8').trim()))
    const again = readTrust(t.home, 'https://h', { REQUESTS_CA_BUNDLE: bundle, SSL_CERT_FILE: company })
    assert.equal(readFileSync(again.bundle, 'utf8'), text, 'its own bundle is not taken into itself')
  })

  test("Python's strict checks accept the certificate", async () => {
    const script = `
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
context.verify_flags |= ssl.VERIFY_X509_STRICT
print(urllib.request.urlopen(sys.argv[1] + '/healthz', context=context).read().decode())
`
    const bundle = variables()['SSL_CERT_FILE'] ?? ''
    const { stdout } = await run('python3', ['-c', script, t.app.platform.urls.https, bundle])
    assert.equal(stdout.trim(), 'ok')
  })

  test('Node accepts it by environment alone', async () => {
    const script = 'fetch(process.argv[1] + "/healthz").then((r) => r.text()).then(console.log)'
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: variables()['NODE_EXTRA_CA_CERTS'] }
    const { stdout } = await run(process.execPath, ['-e', script, t.app.platform.urls.https], { env })
    assert.equal(stdout.trim(), 'ok')
  })

  test('without a server ever started it says what to do', () => {
    const empty = mkdtempSync(join(tmpdir(), 'twinloop-'))
    assert.throws(() => readTrust(empty, 'https://h', {}), /twinloop up/)
    rmSync(empty, { recursive: true })
  })
})
