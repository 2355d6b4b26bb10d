import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createApp } from '../../src/app.ts'
import type { App } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'
const log: string[] = []
let home: string
let app: App
let http: string
let token: string
let cookie: string

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  chmodSync(home, 0o755)
  const config = readConfig({}, { home, port: 0, httpsPort: 0, gatewayPort: 0 })
  app = await createApp(config, {
    log: createLog({ level: 'debug', write: (line) => void log.push(line) }),
  })
  const started = await app.start()
  token = started.token
  http = started.urls.http
  useOwnPython(home)
  const signedIn = await fetch(started.signInUrl, { redirect: 'manual' })
  cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
})
after(async () => {
  await app.stop({ everything: true })
  rmSync(home, { recursive: true })
})

const as = () => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = as()) {
  const answer = await fetch(`${http}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, text: await answer.text() }
}

describe('secrets', () => {
  it('are in no log, answer, audit or store: tokens, keys, accounts', async () => {
    const account = 'account-key-that-nobody-else-has'
    const key = 'endpoint-key-that-nobody-else-has'
    const datastore = {
      datastoreType: 'AzureBlob',
      accountName: 'a',
      containerName: 'c',
      credentials: { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key: account } },
    }
    const put = (path: string, properties: object) =>
      send('PUT', `${workspace}/${path}`, { location: 'local', properties })
    assert.equal((await put('datastores/azure', datastore)).status, 201)
    const endpoint = { authMode: 'Key', keys: { primaryKey: key } }
    assert.equal((await put('onlineEndpoints/keyed', endpoint)).status, 201)
    const refused = await put('onlineEndpoints/short', { authMode: 'Key', keys: { primaryKey: 'tooshort' } })
    assert.equal(refused.status, 400)
    assert.doesNotMatch(refused.text, /tooshort/)
    const seen = [
      await send('GET', `${workspace}/datastores/azure`),
      await send('GET', `${workspace}/onlineEndpoints/keyed`),
      await send('GET', `${workspace}/providers/Twinloop/audit`),
    ].map((answer) => answer.text)
    const stored = ['store.db', 'store.db-wal'].map((file) => readFileSync(join(home, file), 'latin1'))
    const everything = [...log, ...seen, ...stored].join('\n')
    for (const secret of [token, cookie.split('=')[1] ?? '-', account, key])
      assert.ok(!everything.includes(secret), `${secret} is somewhere`)
    assert.doesNotMatch(log.join('\n'), /[?&](?:sig|otk)=/)
  })

  it('of the server are not in the environment of a job, whose own token ends with it', async () => {
    process.env['TWINLOOP_OF_THE_SERVER'] = 'and of nobody else'
    const job = `${workspace}/jobs/looks_around`
    const properties = { jobType: 'Command', command: 'env', environmentId: ownPython }
    const events = app.platform.events.tail(0, AbortSignal.timeout(60_000))
    await send('PUT', job, { properties })
    const ended = async () =>
      ['Completed', 'Failed'].includes(String((await app.platform.resources.get(job)).status['status']))
    for await (const _ of events) if (await ended()) break
    delete process.env['TWINLOOP_OF_THE_SERVER']
    const path = '/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.looks_around/user_logs/std_log.txt'
    const { text } = await send('GET', path)
    const its = /^MLFLOW_TRACKING_TOKEN=(\S+)$/m.exec(text)?.[1] ?? ''
    assert.match(its, /^tl_/)
    // Where the programs are that a job may run; nothing else of the server is known to it.
    assert.doesNotMatch(text, /^TWINLOOP_(?!(?:PYTHON|NODE|PROGRAMS)=)/m)
    assert.ok(!text.includes(token))
    assert.equal((await send('GET', workspace, undefined, { authorization: `Bearer ${its}` })).status, 401)
  })

  it('lie in a home that is its owner’s alone, whatever it was before', () => {
    assert.equal(statSync(home).mode & 0o777, 0o700)
    for (const file of ['token', 'secret.key', 'server.json'])
      assert.equal(statSync(join(home, file)).mode & 0o777, 0o600, file)
  })
})

describe('a browser', () => {
  const search = (headers: Record<string, string>) =>
    send('POST', '/api/2.0/mlflow/experiments/search', {}, { 'content-type': 'application/json', ...headers })

  it('acts by its cookie for our own pages, and for no page of another origin', async () => {
    assert.equal((await search({ cookie, origin: http })).status, 200)
    for (const origin of ['http://127.0.0.1:8888', 'https://evil.example', 'null'])
      assert.equal((await search({ cookie, origin })).status, 401, origin)
  })

  it('is believed where a proxy before the server has another name', async () => {
    const origin = 'https://twinloop.example'
    assert.equal((await search({ cookie, origin, 'sec-fetch-site': 'same-origin' })).status, 200)
    assert.equal((await search({ cookie, origin, 'sec-fetch-site': 'same-site' })).status, 401)
  })
})

describe('a stranger', () => {
  it('learns the name of no job by asking for its log', async () => {
    const of = (job: string) =>
      send('GET', `/history/v1.0${workspace}/runs/${job}/logs/user_logs/std_log.txt`, undefined, {})
    const [there, near] = [await of('looks_around'), await of('looks_aroumd')]
    assert.deepEqual([there.status, near.status], [401, 401])
    assert.equal(there.text.replaceAll(/"[0-9a-f-]{36}"/g, ''), near.text.replaceAll(/"[0-9a-f-]{36}"/g, ''))
  })

  it('does not make the server’s measurements grow', async () => {
    const lines = async () => (await send('GET', '/metrics')).text.split('\n').length
    await send('GET', '/a/b/c/0', undefined, {})
    await send('GET', `/subscriptions/s/providers/x/y/0`, undefined, {})
    const before = await lines()
    for (let i = 1; i < 30; i++) {
      await send('GET', `/a/b/c/${i}`, undefined, {})
      await send('GET', `/subscriptions/s/providers/x${i}/y${i}/z`, undefined, {})
    }
    // Series of these paths would be some 900 lines; a few come of the measuring itself and of Node's own collector.
    assert.ok((await lines()) < before + 200)
  })
})
