import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Json } from '../../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { upload } from '../../../testing/serving.ts'
import { judgeMetrics } from './metrics.ts'

describe('custom signals', () => {
  let t: TestApp
  let flights: string
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    flights = await upload(t, 'flights', {
      'flights.csv': 'at,delay\n2013-01-01T05:00:00Z,10\n2013-01-08T05:00:00Z,20\n2013-01-09T05:00:00Z,40\n',
    })
  })
  after(() => t.end())

  const component = async (name: string, spec: object) => {
    const componentSpec = { name, version: '1', type: 'command', environment: ownPython, ...spec }
    const id = `${t.workspace}/components/${name}/versions/1`
    const { status, body } = await t.send('PUT', id, { properties: { componentSpec } })
    assert.ok(status <= 201, JSON.stringify(body))
    return `azureml:${name}:1`
  }
  const metrics = { outputs: { signal_metrics: { type: 'mltable' } } }
  const writes = (...lines: readonly string[]) =>
    `printf '${lines.map((line) => `${line}\\n`).join('')}' > "\${{outputs.signal_metrics}}/metrics.csv"`

  let runs = 0
  const run = async (signal: object) => {
    const name = `custom${++runs}`
    const id = `${t.workspace}/providers/Twinloop/monitorRuns/${name}-20130110T000000Z`
    const definition = { signals: { mine: { signalType: 'Custom', ...signal } } }
    const properties = { monitor: name, at: '2013-01-10T00:00:00Z', periodMs: 86_400_000, definition }
    const { status, body } = await t.send('PUT', id, { properties })
    assert.ok(status < 300, JSON.stringify(body))
    const { signals } = await t.until(id, (p) => p['state'] !== undefined && p['state'] !== 'Running')
    const [found] = signals as readonly Json[]
    const { body: results } = await t.send('POST', `${id}/values`, {})
    const values = results.value as readonly Json[]
    return {
      found,
      values: values.toSorted((a, b) => String(a['metric']).localeCompare(String(b['metric']))),
    }
  }

  test('what its component computes of values, data and windows is read back and judged', async () => {
    const componentId = await component('spread', {
      command: [
        `rows=$(cat "\${{inputs.whole}}" | wc -l)`,
        `printf 'metric_name,metric_value,group,group_pivot,threshold_value\\n' > "\${{outputs.signal_metrics}}/metrics.csv"`,
        `printf "rows,$rows,,,\\nspread,\${{inputs.by}},delay,JFK,2\\naccuracy,0.5,,,0.9\\n" >> "\${{outputs.signal_metrics}}/metrics.csv"`,
        `ls -1 "\${{inputs.recent}}" | sort | paste -sd+ | sed 's/^/files,1,/; s/$/,,/' >> "\${{outputs.signal_metrics}}/metrics.csv"`,
        `echo "days,1,\${{inputs.data_window_start}},\${{inputs.data_window_end}}," >> "\${{outputs.signal_metrics}}/metrics.csv"`,
      ].join('; '),
      inputs: {
        whole: { type: 'uri_file' },
        recent: { type: 'mltable' },
        by: { type: 'number' },
        data_window_start: { type: 'string' },
        data_window_end: { type: 'string' },
      },
      ...metrics,
    })
    const { found, values } = await run({
      componentId,
      inputs: { by: { jobInputType: 'literal', value: '3' } },
      inputAssets: {
        whole: { inputDataType: 'Fixed', jobInputType: 'uri_file', uri: `${flights}/flights.csv` },
        recent: {
          inputDataType: 'Rolling',
          jobInputType: 'uri_folder',
          uri: flights,
          windowSize: 'P7D',
          columns: { time_column: 'at' },
        },
      },
      metricThresholds: [
        { metric: 'rows', threshold: { value: 10 } },
        { metric: 'Spred', threshold: { value: 1 } },
      ],
    })
    assert.deepEqual([found?.['outcome'], found?.['reason']], ['computed', undefined])
    const seen = values.map(({ metric, value, segment, threshold, breached, note }) => [
      metric,
      value,
      segment,
      threshold,
      breached,
      note,
    ])
    assert.deepEqual(seen, [
      ['accuracy', 0.5, undefined, { lower: 0.9, from: 'constant' }, true, undefined],
      [
        'days',
        1,
        { group: '2013-01-03T00:00:00.000Z', group_pivot: '2013-01-10T00:00:00.000Z' },
        undefined,
        undefined,
        undefined,
      ],
      ['files', 1, { group: 'MLTable+rows.parquet' }, undefined, undefined, undefined],
      ['rows', 4, undefined, { upper: 10, from: 'constant' }, false, undefined],
      ['spread', 3, { group: 'delay', group_pivot: 'JFK' }, { upper: 2, from: 'constant' }, true, undefined],
      ['Spred', null, undefined, undefined, undefined, "The component computed no 'Spred', but 'spread'."],
    ])
    assert.deepEqual(
      values.map(({ n }) => n),
      [2, 2, 2, 2, 2, 2],
    )
  })

  test('a pipeline of components computes as well', async () => {
    const inner = await component('one', {
      command: writes('metric_name,metric_value', 'one,1'),
      ...metrics,
    })
    const componentId = await component('whole', {
      type: 'pipeline',
      environment: undefined,
      ...metrics,
      jobs: {
        first: {
          type: 'command',
          component: inner,
          outputs: { signal_metrics: { type: 'literal', value: '${{parent.outputs.signal_metrics}}' } },
        },
      },
    })
    const { found, values } = await run({ componentId })
    assert.deepEqual([found?.['outcome'], found?.['reason']], ['computed', undefined])
    assert.deepEqual(
      values.map(({ metric, value }) => [metric, value]),
      [['one', 1]],
    )
  })

  test('what goes wrong is told: a failure, a table that is none, an empty one', async () => {
    const fails = await component('fails', { command: 'echo no such luck >&2; exit 3', ...metrics })
    const failed = await run({ componentId: fails })
    assert.equal(failed.found?.['outcome'], 'error')
    assert.match(String(failed.found?.['reason']), /'component' failed \(job .*\): .*no such luck/s)
    const strange = await component('strange', {
      command: writes('metric_name,metric_valeu', 'a,1'),
      ...metrics,
    })
    assert.match(
      String((await run({ componentId: strange })).found?.['reason']),
      /^The component's table has no column 'metric_value' \(it has 'metric_valeu'\): it needs metric_name, metric_value/,
    )
    const empty = await component('empty', { command: writes('metric_name,metric_value'), ...metrics })
    const none = await run({ componentId: empty })
    assert.deepEqual(
      [none.found?.['outcome'], none.found?.['reason']],
      ['no_data', "The component's table has no rows: it computed no metric."],
    )
  })

  test('a monitor whose component is not there, or cannot be run like this, is refused', async () => {
    const needs = await component('needs', {
      command: `cp "\${{inputs.table}}" "\${{outputs.signal_metrics}}"`,
      inputs: { table: { type: 'uri_file' } },
      ...metrics,
    })
    const mute = await component('mute', { command: 'true' })
    const put = async (signal: object) => {
      const { body, status } = await t.send('PUT', `${t.workspace}/schedules/m`, {
        properties: {
          trigger: { triggerType: 'Recurrence', frequency: 'Day', interval: 1 },
          action: {
            actionType: 'CreateMonitor',
            monitorDefinition: {
              computeConfiguration: {
                computeType: 'ServerlessSpark',
                instanceType: 'standard_e4s_v3',
                runtimeVersion: '3.3',
              },
              signals: { mine: { signalType: 'Custom', ...signal } },
            },
          },
        },
      })
      assert.ok(status >= 400, JSON.stringify(body))
      return JSON.stringify(body)
    }
    assert.match(await put({ componentId: 'azureml:need:1' }), /need/)
    assert.match(await put({ componentId: needs }), /The component needs its input 'table' \(uri_file\)/)
    assert.match(
      await put({ componentId: needs, inputs: { tabel: 1 } }),
      /no input 'tabel': did you mean 'table'/,
    )
    const table = (more: object) => ({ table: { jobInputType: 'uri_file', ...more } })
    const whole = { inputDataType: 'Fixed', uri: 'azureml:nowhere:1' }
    assert.match(await put({ componentId: needs, inputAssets: table(whole) }), /nowhere/)
    const rolling = {
      inputDataType: 'Rolling',
      windowSize: 'P7D',
      uri: flights,
      columns: { time_column: 'att' },
    }
    assert.match(await put({ componentId: needs, inputAssets: table(rolling) }), /Did you mean 'at'/)
    const divided = await put({ componentId: needs, segments: ['carrier'] })
    assert.match(divided, /The component itself says which part .* group and group_pivot .* data_segment/)
    assert.match(divided, /signals\.mine\.segments/)
    assert.match(await put({ componentId: mute }), /has to have an output 'signal_metrics'; it has none/)
  })

  test('a preprocessing component makes the rows that signals look at', async () => {
    const prepare = await component('prepare', {
      command: `printf "delay,hour\\n1.5,\${{inputs.data_window_start}}\\n" > "\${{outputs.preprocessed_data}}/rows.csv"; ls "\${{inputs.input_data}}" >&2`,
      inputs: {
        input_data: { type: 'uri_folder' },
        data_window_start: { type: 'string' },
        data_window_end: { type: 'string' },
      },
      outputs: { preprocessed_data: { type: 'mltable' } },
    })
    const componentId = await component('counts', {
      command: `printf 'metric_name,metric_value,group\\nrows,%s,%s\\n' $(cat "\${{inputs.ready}}/rows.csv" | wc -l) $(tail -1 "\${{inputs.ready}}/rows.csv" | cut -d, -f2) > "\${{outputs.signal_metrics}}/m.csv"`,
      inputs: { ready: { type: 'uri_folder' } },
      ...metrics,
    })
    const { found, values } = await run({
      componentId,
      inputAssets: {
        ready: {
          inputDataType: 'Rolling',
          jobInputType: 'uri_folder',
          uri: flights,
          windowSize: 'P1D',
          preprocessingComponentId: prepare,
        },
      },
    })
    assert.deepEqual([found?.['outcome'], found?.['reason']], ['computed', undefined])
    assert.deepEqual(
      values.map(({ metric, value, segment }) => [metric, value, segment]),
      [['rows', 2, { group: '2013-01-09 00:00:00+00' }]],
    )
  })

  test('thresholds of the monitor come before those of the component, whatever the spelling', () => {
    const row = { segment: {}, threshold: 5 }
    const planned = { thresholds: { constant: { '': { mean_delay: 2 } }, correction: 'none' } } as never
    const values = judgeMetrics(
      [
        { metric: 'MeanDelay', value: 3, ...row },
        { metric: 'other', value: 3, ...row },
        { metric: 'gone', value: null, ...row },
      ],
      7,
      { planned },
    )
    assert.deepEqual(
      values.map(({ metric, threshold, breached }) => [metric, threshold?.upper, breached]),
      [
        ['MeanDelay', 2, true],
        ['other', 5, false],
        ['gone', 5, undefined],
      ],
    )
  })
})
