import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

describe('a release', () => {
  let t: Killable
  const sibling = (name: string) => t.workspace.replace(/[^/]+$/, name)
  const ok = async (method: string, path: string, body?: object) => {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const plan = (name = 'flights') => `${t.workspace}/providers/Twinloop/releasePlans/${name}`
  const first = () => `${plan()}/releases/1`

  /** Uploads a small file by the server's Blob face, and returns where its folder is. */
  async function upload(folder: string, name: string, text: string): Promise<string> {
    const asked = { expirableSecret: true, expireAfterHours: 1, through: 'server' }
    const secrets = await ok('POST', `${t.workspace}/datastores/workspaceblobstore/listSecrets`, asked)
    const container = new URL(secrets.containerUri as string).pathname
    const blob = `${t.http}${container}/LocalUpload/${folder}/${name}?${secrets.sasToken}`
    const put = await fetch(blob, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: text })
    assert.equal(put.status, 201)
    return `azureml://datastores/workspaceblobstore/paths/LocalUpload/${folder}`
  }

  before(async () => {
    t = await startKillable('mortal-release.ts')
    useOwnPython(t.home)
    await ok('PUT', sibling('prod'), { location: 'local', properties: {} })
    await ok('PUT', t.workspace.replace(/workspaces\/[^/]+$/, 'registries/shelf'), {
      location: 'local',
      properties: {},
    })
    const folder = await upload('m', 'model.txt', 'a model')
    await ok('PUT', plan(), {
      properties: {
        model: 'flights',
        registry: 'shelf',
        stages: [
          { name: 'test', gates: ['measures', 'thinks'] },
          {
            name: 'production',
            workspace: 'prod',
            gates: ['thinks'],
            approval: { roles: ['Owner'], not_requester: false },
          },
        ],
      },
    })
    await ok('PUT', `${t.workspace}/models/flights/versions/1`, {
      properties: { modelUri: `${folder}/model.txt` },
    })
    await t.kill()
  })
  after(async () => {
    await t.kill()
    // What serves outlives servers.
    const app = await createApp(readConfig({}, { home: t.home, port: 0, httpsPort: 0, gatewayPort: 0 }), {
      log: createLog({ level: 'error' }),
    })
    await app.stop({ everything: true })
    await t.end()
  })

  /** Approves when it is asked, and says whether the release has ended; undefined when the server dies meanwhile. */
  async function live(release: string): Promise<boolean | undefined> {
    const gone = t.gone.then(() => undefined)
    const goOn = async (): Promise<boolean | undefined> => {
      try {
        const found = await t.until(release, (p) => p['endedAt'] !== undefined || p['state'] === 'waiting')
        if (found['endedAt'] !== undefined) return true
        await t.send('POST', `${release}/approve`, {})
        await t.until(release, (p) => p['endedAt'] !== undefined || p['state'] !== 'waiting')
        return await goOn()
      } catch {
        return undefined
      }
    }
    return Promise.race([gone, goOn()])
  }

  /** Kills the server one to four writes after each start, until the release is over; returns how often. */
  async function killedUntilOver(release: string): Promise<number> {
    let lives = 0
    for (let over: boolean | undefined; over !== true; lives++) {
      assert.ok(lives < 100, 'it gets no farther')
      await t.start({ TWINLOOP_TEST_WRITES: String(1 + (lives % 4)) })
      over = await live(release)
      await t.kill()
    }
    return lives
  }

  it('killed again and again, one to four writes later each time, comes through, and nothing is done twice', async () => {
    const lives = await killedUntilOver(first())
    assert.ok(lives > 5, `it died only ${lives} times`)
    await t.start()
    const found = (await t.until(first(), (p) => p['state'] === 'succeeded')) as unknown as {
      readonly timeline: readonly { readonly what: string }[]
      readonly stages: readonly { readonly gates: readonly { attempt: number; jobs?: object }[] }[]
      readonly published: string
    }
    const said = found.timeline.map(({ what }) => what)
    for (const once of [
      /^entered stage test/,
      /^measures passed/,
      /^asked for approval/,
      /^published/,
      /^succeeded/,
    ])
      assert.equal(said.filter((what) => once.test(what)).length, 1, said.join('\n'))
    assert.deepEqual(
      found.stages.flatMap(({ gates }) => gates.map(({ attempt }) => attempt)),
      [1, 1, 1],
    )
    const jobs = await ok('GET', `${t.workspace}/jobs`)
    assert.equal(jobs.value.length, 1)
    const releases = await ok('GET', `${plan()}/releases`)
    assert.equal(releases.value.length, 1)
    for (const workspace of [t.workspace, sibling('prod')]) {
      const model = await ok('GET', `${workspace}/models/flights`)
      assert.deepEqual(model.properties.aliases, { champion: '1' })
    }
    await ok('GET', found.published)
    const kept = await ok('GET', `${first()}/evidence/production/thinks/1/thought.json`)
    assert.deepEqual(kept, { thought: 42 })
  })

  it('is delivered by servers that are killed, and gone back from: all traffic is somewhere at any time', async () => {
    const endpoint = `${t.workspace}/onlineEndpoints/served`
    const traffic = async () => {
      const found = await t.send('GET', endpoint)
      const shares = Object.entries((found.body.properties?.traffic ?? {}) as Record<string, number>)
      return Object.fromEntries(shares.filter(([, share]) => share > 0))
    }
    await t.kill()
    await t.start()
    const script = 'def init(): pass\ndef run(raw): return [1]\n'
    const codeUri = await upload('score', 'score.py', script)
    await ok('PUT', `${t.workspace}/codes/score/versions/1`, { properties: { codeUri } })
    const deployment = {
      environment: ownPython,
      code_configuration: { code: 'azureml:score:1', scoring_script: 'score.py' },
    }
    const deliver = { online: 'served', deployment, steps: [], keep: '1h' }
    await ok('PUT', plan('served'), {
      properties: { model: 'served', stages: [{ name: 'production', deliver }] },
    })
    const champions: object[] = []
    for (const version of ['1', '2']) {
      const modelUri = await upload(`served-${version}`, 'model.txt', `model ${version}`)
      await ok('PUT', `${t.workspace}/models/served/versions/${version}`, { properties: { modelUri } })
      await t.until(`${plan('served')}/releases/${version}`, (p) => p['state'] !== undefined)
      await t.kill()
      await killedUntilOver(`${plan('served')}/releases/${version}`)
      await t.start()
      const { properties } = await ok('GET', `${plan('served')}/releases/${version}`)
      assert.equal(properties.state, 'succeeded', properties.reason as string)
      const now = await traffic()
      assert.deepEqual(Object.values(now), [100])
      champions.push(now)
    }
    assert.notDeepEqual(champions[0], champions[1])
    await ok('POST', `${plan('served')}/rollback`, { reason: 'to see' })
    assert.deepEqual(await traffic(), champions[0])
    const model = await ok('GET', `${t.workspace}/models/served`)
    assert.deepEqual(model.properties.aliases, { champion: '1' })
  })
})
