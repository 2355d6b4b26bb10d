import { flushCompileCache } from 'node:module'
import { createApp } from '../../src/app.ts'
import { planActions } from '../../src/alerts/actions/planning/plan.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'

/**
 * A server in which an alert fires (TWINLOOP_TEST_RULE says of which rule). With TWINLOOP_TEST_WRITES it dies by SIGKILL
 * when it is about to write for what comes of it the time after so many.
 */
const app = await createApp(readConfig(process.env), { log: createLog({ level: 'error' }) })
const { platform } = app
const { resources } = platform
const before = { ...resources }
let left = Infinity

/** Dies instead of a write, once there were so many that changed something. */
async function mortally<T>(id: string, call: () => Promise<T>): Promise<T> {
  // What a job does by itself is proven elsewhere; that it is made is counted.
  const counts = /\/(?:incidents|notices|releases)\//i.test(id) || /\/jobs\/slow-/i.test(id)
  if (!counts) return call()
  if (left <= 0) process.kill(process.pid, 'SIGKILL')
  const was = (await before.find(id))?.etag
  const answer = await call()
  if ((await before.find(id))?.etag !== was) left--
  return answer
}
Object.assign(resources, {
  setStatus: (...given: Parameters<typeof before.setStatus>) =>
    /\/jobs\//i.test(given[0])
      ? before.setStatus(...given)
      : mortally(given[0], () => before.setStatus(...given)),
  put: (...given: Parameters<typeof before.put>) => mortally(given[1], () => before.put(...given)),
  act: (...given: Parameters<typeof before.act>) => mortally(given[1], () => before.act(...given)),
  patch: (...given: Parameters<typeof before.patch>) => mortally(given[1], () => before.patch(...given)),
})
const { urls, token } = await app.start()
flushCompileCache()
process.stdout.write(`${JSON.stringify({ ...urls, token })}\n`)

const workspace = (await before.list({ type: 'workspaces', top: 1 }))[0]?.id ?? ''
const id = `${workspace}/providers/Twinloop/incidents/1`
const firedAt = new Date('2026-11-23T10:00:00Z')
const alert = { labels: { endpoint: 'flights' }, value: 0.61, summary: 'roc_auc 0.61 < 0.68', firedAt }
const said = process.env['TWINLOOP_TEST_RULE']
if (said !== undefined) {
  if ((await before.find(id)) === undefined)
    await before.put(
      platform.identity('alerts'),
      id,
      {
        properties: {
          rule: 'slow',
          ruleId: 'slow',
          labels: alert.labels,
          firing: '1',
          firedAt: firedAt.toISOString(),
        },
      },
      {
        along: {
          status: {
            state: 'Firing',
            severity: 'page',
            annotations: {},
            value: 0.61,
            summary: alert.summary,
            timeline: [],
          },
        },
      },
    )
  const writes = process.env['TWINLOOP_TEST_WRITES']
  if (writes !== undefined) left = Number(writes)
  const rule = {
    id: `${workspace}/providers/Twinloop/alertRules/slow`,
    name: 'slow',
    severity: 'page',
    annotations: {},
    owner: { id: 'administrator', name: 'administrator', kind: 'User' },
    actions: JSON.parse(said) as Parameters<typeof planActions>[2]['actions'],
    coolDownMs: 3_600_000,
  } as const
  await planActions(platform, await before.get(id), rule, alert)
}
