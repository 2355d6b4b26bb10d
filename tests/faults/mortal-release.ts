import { flushCompileCache } from 'node:module'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'
import { addGate } from '../../src/release/testing/gates.ts'
import { ownPython } from '../../src/testing/own-python.ts'

/**
 * A server with two gates of its own, one that makes a job and one that thinks in the background and keeps a file. With
 * TWINLOOP_TEST_WRITES it dies by SIGKILL when it is about to write for a release the time after so many.
 */
const measured = addGate('measures')
measured.advance = async (context) => {
  const job = await context.job('count', async () => ({
    jobType: 'Command',
    command: 'true',
    environmentId: ownPython,
    experimentName: 'gates',
  }))
  const status = String(job.status['status'])
  if (!['Completed', 'Failed', 'Canceled'].includes(status))
    return { doing: 'counts', state: { counting: true } }
  const measures = [{ name: 'runs', estimate: 1 }]
  return { result: { verdict: 'pass', summary: `the job ${status}`, measures, notes: [], files: [] } }
}

const thoughtful = addGate('thinks')
thoughtful.advance = async (context) => {
  const thought = context.inBackground('think', async () => 42)
  if (thought === undefined) return { doing: 'thinks' }
  const file = { name: 'thought.json', title: 'What it thought', contentType: 'application/json' }
  const kept = await context.keep(file, JSON.stringify({ thought: await thought }))
  const measures = [{ name: 'thought', estimate: await thought }]
  return { result: { verdict: 'pass', summary: '42', measures, notes: [], files: [kept] } }
}

const app = await createApp(readConfig(process.env), { log: createLog({ level: 'error' }) })
const { platform } = app
let left = Infinity

const { resources } = platform
const before = { ...resources }

/** Dies instead of a call, once there were so many that changed something. */
async function mortally<T>(id: string, counted: RegExp, call: () => Promise<T>): Promise<T> {
  if (!counted.test(id)) return call()
  if (left <= 0) process.kill(process.pid, 'SIGKILL')
  const etag = async () => (await before.find(id))?.etag
  const was = await etag()
  const answer = await call()
  if ((await etag()) !== was) left--
  return answer
}
const ofReleases = /releaseplans|\/models\//i
const mortal: Pick<typeof resources, 'setStatus' | 'act'> = {
  setStatus: (key, ...rest) => mortally(key, ofReleases, () => before.setStatus(key, ...rest)),
  act: (actor, id, ...rest) => mortally(id, ofReleases, () => before.act(actor, id, ...rest)),
}
Object.assign(resources, mortal, {
  put: (...given: Parameters<typeof before.put>) =>
    mortally(given[1], /releaseplans|\/models\/|\/jobs\/release-|onlineendpoints/i, () =>
      before.put(...given),
    ),
})
const { urls, token } = await app.start()
flushCompileCache()
process.stdout.write(`${JSON.stringify({ ...urls, token })}\n`)
left = Number(process.env['TWINLOOP_TEST_WRITES'] ?? Infinity)
