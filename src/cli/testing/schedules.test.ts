import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('schedules', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    shell.write({
      'jobs/hello.yml': `command: echo \${{inputs.word}}\nenvironment: ${ownPython}\ninputs: { word: hello }\n`,
      'nightly.yml': `$schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json
name: nightly
display_name: Every night
trigger:
  type: recurrence
  frequency: week
  interval: 1
  schedule: { hours: [3], minutes: 30, week_days: [monday, Friday] }
  start_time: "2100-01-01T00:00:00"
  time_zone: W. Europe Standard Time
create_job:
  type: command
  job: ./jobs/hello.yml
  inputs: { word: good evening }
`,
      'cron.yml': `name: cron
trigger: { type: cron, expression: "0 * * * *", start_time: 2100-01-01 00:00:00, timezone: UTC }
create_job: azureml:JOB
`,
      'import.yml': `name: hourly
trigger: { type: recurrence, frequency: hour, interval: 1, start_time: "2100-01-01T00:00:00" }
import_data:
  name: landed
  type: mltable
  path: azureml://datastores/workspaceblobstore/paths/landed/
  source: { type: file_system, path: "azureml://datastores/workspaceblobstore/paths/in/" }
`,
    })
  })
  after(async () => {
    shell.end()
    await t.end()
  })
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await shell.run(...argv)
    assert.equal(code, 0, err)
    return JSON.parse(out === '' ? 'null' : out)
  }

  test('a job file is scheduled with what the schedule says otherwise, triggered, turned off and on', async () => {
    const made = await json('schedule', 'create', '-f', 'nightly.yml')
    assert.deepEqual(
      [made.name, made.is_enabled, made.next_run],
      ['nightly', true, '2100-01-01T02:30:00.000Z'],
    )
    assert.deepEqual(made.trigger.schedule, { hours: [3], minutes: [30], week_days: ['Monday', 'Friday'] })
    const { job_name: name } = await json('schedule', 'trigger', '-n', 'nightly')
    assert.match(name, /^nightly-\d{8}T\d{6}Z$/)
    await t.until(`${t.workspace}/jobs/${name}`, (p) => p['status'] === 'Completed')
    const job = await json('job', 'show', '-n', name)
    assert.equal(job.inputs.word, 'good evening')
    assert.equal((await json('schedule', 'disable', '-n', 'nightly')).is_enabled, false)
    assert.deepEqual(await json('schedule', 'list', '--query', '[].name'), [])
    assert.deepEqual(await json('schedule', 'list', '--disabled-only', '--query', '[].name'), ['nightly'])
    const changed = await json('schedule', 'update', '-f', 'nightly.yml', '--set', 'trigger.schedule.hours=4')
    assert.deepEqual([changed.is_enabled, changed.trigger.schedule.hours], [false, [4]])
    assert.equal((await json('schedule', 'enable', '-n', 'nightly')).next_run, '2100-01-01T03:30:00.000Z')
    const table = await shell.run('schedule', 'list', '-o', 'table')
    assert.match(table.out, /nightly +True +Week/i)
  })

  test('data by a label are those that have it when the job runs, not when it was scheduled', async () => {
    shell.write({
      'rows.csv': 'x\n1\n',
      'more.csv': 'x\n1\n2\n3\n',
      'count.yml': `type: pipeline
inputs: { rows: { type: uri_file, path: azureml:rows@latest } }
jobs:
  count:
    command: wc -l < \${{inputs.rows}}
    environment: ${ownPython}
    inputs: { rows: "\${{parent.inputs.rows}}" }
`,
      'counting.yml': `name: counting
trigger: { type: recurrence, frequency: day, interval: 1, start_time: "2100-01-01T00:00:00" }
create_job: ./count.yml
`,
    })
    assert.match((await shell.run('schedule', 'create', '-f', 'counting.yml')).err, /rows/)
    await json('data', 'create', '-n', 'rows', '-v', '1', '-t', 'uri_file', '-p', 'rows.csv')
    await json('schedule', 'create', '-f', 'counting.yml')
    await json('data', 'create', '-n', 'rows', '-v', '2', '-t', 'uri_file', '-p', 'more.csv')
    const { job_name: name } = await json('schedule', 'trigger', '-n', 'counting')
    await t.until(`${t.workspace}/jobs/${name}`, (p) => p['status'] === 'Completed')
    const { out } = await shell.run('data', 'lineage', '-n', 'rows', '-v', '2', '-o', 'json')
    assert.ok(out.includes(name), out)
  })

  test('a job that is there is scheduled by its name, and imports stand inline', async () => {
    const name = (await json('job', 'create', '-f', 'jobs/hello.yml')).name
    const cron = await json('schedule', 'create', '-f', 'cron.yml', '--set', `create_job=azureml:${name}`)
    assert.equal(cron.create_job.source_job_id, `${t.workspace}/jobs/${name}`)
    const hourly = await json('schedule', 'create', '-f', 'import.yml')
    assert.equal(hourly.import_data.asset_name, 'landed')
    assert.equal('schedule' in hourly.trigger, false)
    await json('schedule', 'delete', '-n', 'hourly', '-y')
    assert.match((await shell.run('schedule', 'show', '-n', 'hourly')).err, /hourly/)
  })

  test('the files that the documentation shows are right', async () => {
    const page = readFileSync(new URL('../../../docs/data-import.md', import.meta.url), 'utf8')
    const files = Array.from(page.matchAll(/```yaml\n# ([\w-]+\.yml)[^\n]*\n(.*?)```/gs))
    assert.equal(files.length, 2)
    for (const [, name = '', text = ''] of files) {
      shell.write({ [`docs/${name}`]: text })
      const { code, err } = await shell.run('validate', `docs/${name}`)
      assert.equal(code, 0, err)
    }
  })

  test('mistakes are told at their place', async () => {
    const bad = await shell.run('schedule', 'create', '-f', 'nightly.yml', '--set', 'create_job.commandd=x')
    assert.match(bad.err, /hello\.yml.*commandd is not a field.*did you mean command/s)
    const zone = await shell.run('schedule', 'create', '-f', 'nightly.yml', '--set', 'trigger.time_zone=Mars')
    assert.match(zone.err, /'Mars' is no time zone/)
    const both = await shell.run(
      'schedule',
      'create',
      '-f',
      'import.yml',
      '--set',
      'create_job=./jobs/hello.yml',
    )
    assert.match(both.err, /needs one of create_job, create_monitor, import_data and invoke_batch_endpoint/)
    const missing = await shell.run('schedule', 'create', '-f', 'cron.yml', '--set', 'create_job=./no.yml')
    assert.match(missing.err, /no\.yml/)
  })
})
