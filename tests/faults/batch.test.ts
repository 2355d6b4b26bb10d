import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

/** Logs each file that it scores, and waits at the fourth for the word to go on. */
const script = `
import os, time
def init(): pass
def run(mini_batch):
    names = [os.path.basename(path) for path in mini_batch]
    with open(os.environ["SCORED"], "a") as log:
        log.write("".join(name + "\\n" for name in names))
    while names[0] == "f3.txt" and not os.path.exists(os.environ["SCORED"] + ".go"):
        time.sleep(0.05)
    return names
`

describe('a batch job', () => {
  let t: Killable
  let folder: string
  const files = Array.from({ length: 8 }, (_, i) => `f${i}.txt`)
  const put = async (path: string, body: object) => {
    const answer = await t.send('PUT', `${t.workspace}/${path}`, body)
    assert.ok(answer.status <= 201, JSON.stringify(answer.body))
  }

  before(async () => {
    t = await startKillable()
    useOwnPython(t.home)
    folder = join(t.home, 'data')
    execFileSync('mkdir', ['-p', join(folder, 'files'), join(folder, 'code')])
    for (const file of files) writeFileSync(join(folder, 'files', file), file)
    writeFileSync(join(folder, 'code', 'score.py'), script)
    await upload('code')
    await upload('files')
    await put('codes/c/versions/1', { properties: { codeUri: uri('code') } })
    await put('batchEndpoints/nightly', { location: 'local', properties: {} })
  })
  after(() => t.end())

  const uri = (name: string) => `azureml://datastores/workspaceblobstore/paths/LocalUpload/b/${name}`
  /** The URL of a blob, as the server shows it by the Blob face. */
  async function blob(path: string): Promise<string> {
    const asked = { expirableSecret: true, expireAfterHours: 1, through: 'server' }
    const secrets = `${t.workspace}/datastores/workspaceblobstore/listSecrets`
    const { containerUri, sasToken } = (await t.send('POST', secrets, asked)).body
    return `${t.http}${new URL(containerUri).pathname}/${path}?${sasToken}`
  }
  async function upload(name: string): Promise<void> {
    for (const file of readdirSync(join(folder, name))) {
      const headers = { 'x-ms-blob-type': 'BlockBlob' }
      const body = readFileSync(join(folder, name, file))
      const answer = await fetch(await blob(`LocalUpload/b/${name}/${file}`), {
        method: 'PUT',
        headers,
        body,
      })
      assert.equal(answer.status, 201, await answer.text())
    }
  }

  const faults: readonly [name: string, kill: (job: string) => Promise<void>][] = [
    ['server', async () => t.kill()],
    ['job', async (job) => killJob(job)],
    [
      'both',
      async (job) => {
        await t.kill()
        killJob(job)
      },
    ],
  ]
  for (const [name, kill] of faults)
    it(`whose ${name} is killed ends well, with every file in its output once`, async () => {
      const scored = join(t.home, `${name}.scored`)
      await put(`batchEndpoints/nightly/deployments/of-${name}`, {
        location: 'local',
        properties: {
          codeConfiguration: { codeId: `${t.workspace}/codes/c/versions/1`, scoringScript: 'score.py' },
          environmentId: ownPython,
          environmentVariables: { SCORED: scored },
          miniBatchSize: 1,
          retrySettings: { timeout: 'PT10M' },
        },
      })
      const deployment = `${t.workspace}/batchEndpoints/nightly/deployments/of-${name}`
      await t.until(deployment, (p) => p['provisioningState'] === 'Succeeded')
      const inputData = { data: { jobInputType: 'UriFolder', uri: uri('files') } }
      const invoked = await t.send('POST', `${t.workspace}/batchEndpoints/nightly/invoke`, {
        properties: { name: `of_${name}`, deployment: `of-${name}`, inputData },
      })
      assert.equal(invoked.status, 200, JSON.stringify(invoked.body))
      const step = `of_${name}_batchscoring`
      await t.until(`${t.workspace}/jobs/of_${name}`, (p) => p['steps'] !== undefined)
      await seen(() => lines(scored).length >= 4)
      await kill(step)
      writeFileSync(`${scored}.go`, '')
      if (name !== 'job') await t.start()
      const done = await t.until(`${t.workspace}/jobs/of_${name}`, (p) =>
        ['Completed', 'Failed'].includes(String(p['status'])),
      )
      assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
      assert.equal(await output(step), files.map((file) => `${file}\n`).join(''))
      // What was done is not done again; only what was under way when it was killed is.
      const again = lines(scored).filter((file, i, all) => all.indexOf(file) !== i)
      assert.deepEqual(again, name === 'server' ? [] : ['f3.txt'])
    })

  const lines = (path: string): readonly string[] => {
    try {
      return readFileSync(path, 'utf8').split('\n').slice(0, -1)
    } catch {
      return []
    }
  }

  /** Looks until it is so: a process outside tells nobody how far it is. */
  async function seen(look: () => boolean): Promise<void> {
    while (!look()) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  /** Kills every process of a job, its supervisor first, which could otherwise tell of the others' end. */
  function killJob(job: string): void {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => read(`/proc/${pid}/environ`).includes(`AZUREML_RUN_ID=${job}\0`))
    const parents = pids.map((pid) => /^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '')
    const supervisors = parents.filter((pid) => read(`/proc/${pid}/cmdline`).includes('supervisor.py'))
    assert.ok(pids.length >= 2 && supervisors.length > 0)
    for (const pid of new Set([...supervisors, ...pids]))
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // Its end came with another's.
      }
  }
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }

  const output = async (step: string) =>
    (await fetch(await blob(`azureml/${step}/score/predictions.csv`))).text()
})
