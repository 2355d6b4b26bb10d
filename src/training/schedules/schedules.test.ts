import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { scheduleReconciler } from './reconcile-schedules.ts'

describe('schedules', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
  })
  after(() => t.end())

  const idOf = (name: string) => `${t.workspace}/schedules/${name}`
  const put = (name: string, properties: object) => t.send('PUT', idOf(name), { properties })
  const show = async (name: string) => (await t.send('GET', idOf(name))).body.properties
  const job = {
    jobType: 'Command',
    command: 'echo hello',
    environmentId: ownPython,
    experimentName: 'scheduled',
  }
  const createJob = { actionType: 'CreateJob', jobDefinition: job }
  const daily = {
    triggerType: 'Recurrence',
    frequency: 'Day',
    interval: 1,
    schedule: { hours: [], minutes: [] },
  }
  const later = { ...daily, startTime: '2100-01-01T00:00:00' }
  const jobsOf = async (schedule: string): Promise<readonly string[]> =>
    (await t.send('GET', `${t.workspace}/jobs`)).body.value
      .filter((j: { name: string }) => j.name.startsWith(`${schedule}-`))
      .map((j: { name: string }) => j.name)
      .toSorted()
  /** Looks at the schedule as if it were another time. */
  const lookAt = async (name: string, now: string) => {
    const resource = await t.app.platform.resources.get(idOf(name))
    const platform = { ...t.app.platform, clock: () => new Date(now) }
    return scheduleReconciler.reconcile(resource, { platform, signal: new AbortController().signal })
  }

  test('without a time to start at, the first job is made at once, by its owner and with its name', async () => {
    const { status, body } = await put('nightly', {
      trigger: daily,
      action: createJob,
      displayName: 'Nightly',
    })
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(
      [body.properties.provisioningState, body.properties.isEnabled, 'owner' in body.properties],
      ['Succeeded', true, false],
    )
    const made = await t.until(idOf('nightly'), (p) => p['lastRun'] !== undefined)
    const { id, due } = made['lastRun'] as { id: string; due: string }
    assert.match(id, /\/jobs\/nightly-\d{8}T\d{6}Z$/)
    const done = await t.until(id, (p) => p['status'] === 'Completed')
    assert.equal(done['displayName'], id.split('/').at(-1))
    assert.deepEqual(done['properties'], { 'azureml.scheduleName': 'nightly', 'azureml.scheduleTime': due })
    assert.equal(done['submittedBy'], 'administrator')
    assert.equal(Date.parse(String(made['nextRun'])), Date.parse(due) + 86_400_000)
  })

  test('what is due is made once, however often it is looked at and wherever a server is killed', async () => {
    await put('once', { trigger: later, action: createJob })
    assert.equal((await show('once')).nextRun, '2100-01-01T00:00:00.000Z')
    assert.deepEqual(await lookAt('once', '2099-12-31T23:59:00Z'), { again: 60_000 })
    await lookAt('once', '2100-01-01T00:00:10Z')
    assert.equal((await show('once')).nextRun, '2100-01-02T00:00:00.000Z')
    // Killed after the job was made, before that was written down: the next server comes to the same.
    await t.app.platform.resources.setStatus(idOf('once'), {
      nextRun: '2100-01-01T00:00:00.000Z',
      lastRun: null,
    })
    await lookAt('once', '2100-01-01T00:00:20Z')
    assert.deepEqual(await jobsOf('once'), ['once-21000101T000000Z'])
    assert.equal((await show('once')).lastRun.error, undefined)
  })

  test('times that were missed are made up for once, and the next is after now', async () => {
    await put('missed', { trigger: later, action: createJob })
    await lookAt('missed', '2100-01-10T12:00:00Z')
    assert.deepEqual(await jobsOf('missed'), ['missed-21000110T000000Z'])
    assert.equal((await show('missed')).nextRun, '2100-01-11T00:00:00.000Z')
  })

  test('disabled, it makes nothing; enabled again, nothing of what was missed', async () => {
    await put('off', { trigger: later, action: createJob })
    await put('off', { trigger: later, action: createJob, isEnabled: false })
    assert.equal((await show('off')).nextRun, undefined)
    await lookAt('off', '2100-01-10T12:00:00Z')
    assert.deepEqual(await jobsOf('off'), [])
    const named = async (view: string) =>
      (await t.send('GET', `${t.workspace}/schedules?listViewType=${view}`)).body.value.map(
        (s: { name: string }) => s.name,
      )
    assert.ok(!(await named('EnabledOnly')).includes('off'))
    assert.deepEqual(await named('DisabledOnly'), ['off'])
    assert.ok((await named('All')).includes('off'))
    await put('off', { trigger: later, action: createJob, isEnabled: true })
    assert.equal((await show('off')).nextRun, '2100-01-01T00:00:00.000Z')
  })

  test('can be triggered by hand, and refers to a job by its id', async () => {
    const id = (await show('nightly')).lastRun.id
    const { status, body } = await put('again', {
      trigger: { ...later, triggerType: 'Cron', expression: '0 3 * * *' },
      action: {
        actionType: 'CreateJob',
        jobDefinition: {
          jobType: 'Command',
          sourceJobId: id,
          experimentName: '',
          isArchived: false,
          tags: { by: 'hand' },
        },
      },
    })
    assert.equal(status, 201, JSON.stringify(body))
    const triggered = await t.send('POST', `${idOf('again')}/trigger`, {
      scheduleTime: '2026-01-31T10:15:00.123456+00:00',
    })
    assert.deepEqual(triggered.body, {
      scheduleActionType: 'CreateJob',
      submissionId: 'again-20260131T101500Z',
    })
    const { properties } = (await t.send('GET', `${t.workspace}/jobs/again-20260131T101500Z`)).body
    assert.deepEqual(
      [properties.command, properties.experimentName, properties.tags],
      ['echo hello', 'scheduled', { by: 'hand' }],
    )
    assert.equal((await show('again')).nextRun, '2100-01-01T03:00:00.000Z')
  })

  test('imports data, each time as a version', async () => {
    const workspace = await t.app.platform.resources.get(t.workspace)
    const container = `${String(workspace.status['workspaceId'])}-blobstore`
    await t.app.platform.artifacts.put({ container, path: 'in/a.csv' }, Buffer.from('id\n1\n'))
    const definition = {
      isAnonymous: false,
      dataType: 'mltable',
      assetName: 'landed',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/landed',
      source: { sourceType: 'file_system', path: 'azureml://datastores/workspaceblobstore/paths/in' },
    }
    const { status, body } = await put('imports', {
      trigger: daily,
      action: { actionType: 'ImportData', dataImportDefinition: definition },
    })
    assert.equal(status, 201, JSON.stringify(body))
    const made = await t.until(idOf('imports'), (p) => p['lastRun'] !== undefined)
    const { id } = made['lastRun'] as { id: string }
    const done = await t.until(id, (p) => ['Completed', 'Failed'].includes(String(p['status'])))
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
    assert.equal((await t.send('GET', `${t.workspace}/data/landed/versions/1`)).status, 200)
  })

  test('what it could not make is refused when it is written', async () => {
    const refused = async (properties: object) => {
      const { status, body } = await put('refused', { trigger: later, action: createJob, ...properties })
      assert.ok(status >= 400, JSON.stringify(body))
      return `${body.error.target}: ${body.error.message}`
    }
    assert.match(
      await refused({ action: { actionType: 'CreateMonitor', monitorDefinition: {} } }),
      /properties.action.monitorDefinition.signals: The monitor is not valid: signals are missing/,
    )
    assert.match(
      await refused({ action: { actionType: 'CreateJob', jobDefinition: { ...job, command: '' } } }),
      /properties.action.jobDefinition.command: /,
    )
    assert.match(
      await refused({ action: { actionType: 'CreateJob', jobDefinition: { sourceJobId: 'nothing' } } }),
      /nothing/,
    )
    assert.match(
      await refused({ action: { actionType: 'ImportData', dataImportDefinition: { assetName: 'x' } } }),
      /dataImportDefinition.source/,
    )
    assert.match(
      await refused({ trigger: { ...daily, startTime: '2020-01-01', endTime: '2021-01-01' } }),
      /never due/,
    )
    assert.match(
      await refused({ trigger: { ...daily, timeZone: 'Mars' } }),
      /timeZone: 'Mars' is no time zone/,
    )
  })

  test('what would have been due in the past is made once for each time', async () => {
    await put('history', { trigger: later, action: createJob })
    const backfill = (days: string, schedule = 'history') =>
      t.send('POST', `${idOf(schedule)}/backfill`, {
        from: '2026-01-01T00:00:00Z',
        to: `2026-01-0${days}T00:00:00Z`,
      })
    const made = ['history-20260101T000000Z', 'history-20260102T000000Z']
    assert.deepEqual((await backfill('2')).body.made, made)
    const again = await backfill('3')
    assert.deepEqual(again.body.made, [...made, 'history-20260103T000000Z'])
    assert.deepEqual(await jobsOf('history'), again.body.made)
    assert.equal((await backfill('0')).status, 400)
  })

  test('who may no longer make jobs has none made, and it says so', async () => {
    await put('rights', { trigger: later, action: createJob })
    await t.app.platform.resources.setStatus(idOf('rights'), {
      owner: { id: 'gone', name: 'Somebody who left', kind: 'User' },
    })
    await lookAt('rights', '2100-01-01T00:00:00Z')
    const { lastRun, nextRun } = await show('rights')
    assert.match(lastRun.error, /Somebody who left may not do/)
    assert.equal(nextRun, '2100-01-02T00:00:00.000Z')
    assert.deepEqual(await jobsOf('rights'), [])
  })
})
