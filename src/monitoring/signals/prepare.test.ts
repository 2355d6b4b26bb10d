import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { answeringJobs } from '../testing/signal-jobs.ts'
import { openSignalLab, type Asked } from '../testing/signal-lab.ts'
import { prepareSignal } from './prepare.ts'

describe('the most important features', () => {
  const lab = openSignalLab()
  let t: TestApp
  let jobs = 0
  before(async () => {
    t = await startTestApp()
  })
  after(() => Promise.all([t.end(), lab.end()]))

  const sql = 'select i::double as a, i / 2 as b, i % 3 as c, i % 2 as late from range(100) t(i)'
  const prepare = (top: number, target: string | null = 'late') => {
    const asked: Asked = {
      reference: { sql, roles: target === null ? {} : { target } },
      platform: t.app.platform,
      workspaceId: t.workspace,
      job: answeringJobs(t, ({ ask }) => {
        jobs += 1
        const columns = ask['columns'] as readonly string[]
        return { rows: 100, explained: 50, importances: columns.map((column, value) => ({ column, value })) }
      }),
    }
    const { planned } = lab.context(asked)
    return prepareSignal({ ...planned, features: { top } }, (plan) =>
      lab.context({ ...asked, planned: plan }),
    )
  }

  test('are named before a signal looks', async () => {
    const prepared = await prepare(2)
    assert.ok('planned' in prepared)
    assert.deepEqual(prepared.planned.features, { names: ['c', 'b'] })
    assert.deepEqual(prepared.notes, ['The features that matter most in the reference: c and b.'])
    assert.equal(jobs, 1)
  })

  test('are all where there are no more, and where no target tells; no job is asked', async () => {
    const few = await prepare(3)
    const unknown = await prepare(2, null)
    assert.ok('planned' in few && 'planned' in unknown)
    assert.deepEqual([few.planned.features, few.notes], [{ all: true }, []])
    assert.deepEqual(unknown.planned.features, { all: true })
    assert.match(unknown.notes.join(), /^Which 2 features matter most is not known, so all are looked at/)
    assert.equal(jobs, 1)
  })
})
