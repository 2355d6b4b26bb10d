import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { literal } from '../../analytics/analytics.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload, uploadFolder } from '../../testing/serving.ts'
import type { DataSource, PlannedSignal } from '../monitors/monitor.ts'
import { collectingDeployment, writeCollected, writeLabels } from '../testing/collected.ts'
import { plainSignal } from '../testing/signal-lab.ts'
import { openPopulations } from './open.ts'
import { NoData } from './population.ts'

const day = 86_400_000
const noon = new Date('2026-02-01T12:00:00Z')
const rolling = (days: number, offset = 0) =>
  ({ kind: 'rolling', sizeMs: days * day, offsetMs: offset * day }) as const
const source = (given: Partial<DataSource> = {}): DataSource => ({
  context: undefined,
  window: { kind: 'whole' },
  columns: {},
  ...given,
})

describe('populations of a monitor', () => {
  let twin: TestApp
  let platform: Platform
  let deployment: Resource
  let remove: () => void
  let csv: string
  before(async () => {
    twin = await startTestApp()
    ;({ platform, deployment, remove } = collectingDeployment(twin.app.platform, twin.workspace))
    const requests = Array.from({ length: 6 }, (_, i) => ({
      id: `r${i}`,
      // Every half day, the last one as the window ends.
      at: new Date(noon.getTime() - (5 - i) * (day / 2)),
      inputs: [
        { code: -i, delay: i, carrier: i % 2 === 0 ? 'AA' : 'UA', hour: `2013-0${i + 1}-01T05:00:00Z` },
        { delay: i + 0.5, code: 1, carrier: 'B6', hour: `2013-0${i + 1}-15T05:00:00Z` },
      ],
      outputs: [
        { prediction: i % 2, probability_1: 0.25 },
        { prediction: 0, probability_1: 0.75 },
      ],
    }))
    await writeCollected(platform, deployment, requests)
    await writeLabels(platform, deployment, noon, [
      { id: 'r4', values: { late: true } },
      { id: 'r4', values: { late: false } },
      { id: 'r3', row: 1, values: { late: true } },
      { id: 'nobody', values: { late: true } },
    ])
    csv = await upload(twin, 'flights', {
      'flights.csv': 'at,carrier,delay,late\n2013-01-01T05:00:00Z,AA,1.5,0\n2013-02-01T05:00:00Z,UA,2.5,1\n',
    })
  })
  after(() => twin.end())

  const open = (planned: Partial<PlannedSignal>, at = noon) =>
    openPopulations({
      platform,
      signal: new AbortController().signal,
      workspaceId: twin.workspace,
      actor: platform.identity('monitoring'),
      monitor: { name: 'm', signals: [], emails: [], periodMs: day, deployment: deployment.id },
      planned: { ...plainSignal, ...planned },
      at,
      model: undefined,
    })
  const kept = () =>
    readdirSync(join(twin.home, 'cache', 'populations')).filter((n) => n.endsWith('.parquet'))
  const noData = (planned: Partial<PlannedSignal>, message: RegExp) =>
    assert.rejects(open(planned).production(), (error) => {
      assert.ok(error instanceof NoData, String(error))
      assert.match(error.message, message)
      return true
    })

  test('what was collected in a window, with outputs and labels beside it', async () => {
    const populations = open({ production: [source({ window: rolling(1) })] })
    const found = await populations.production()
    assert.deepEqual(found.window, { from: new Date(noon.getTime() - day), to: noon })
    assert.deepEqual([found.rows, found.labelled], [4, 2])
    assert.deepEqual(found.roles, {
      features: ['code', 'delay', 'carrier', 'hour'],
      prediction: 'prediction',
      probabilities: { '1': 'probability_1' },
      target: 'late',
      time: 'time',
      labelTime: 'ground_truth.time',
      correlationId: 'correlationid',
    })
    assert.equal(found.columns.find(({ name }) => name === 'code')?.type, 'BIGINT')
    assert.deepEqual(found.notes, ['Rows with several labels: 1. The last one counts.'])
    const { rows } = await populations.session((session) =>
      session.all(
        `select correlationid, "row", delay, late, "ground_truth.time" is not null from ${found.view} order by 1, 2`,
      ),
    )
    assert.deepEqual(rows, [
      ['r3', 0, 3, null, false],
      ['r3', 1, 3.5, true, true],
      ['r4', 0, 4, false, true],
      ['r4', 1, 4.5, null, false],
    ])
  })

  test('the same by a time of the rows’ own, whenever they came in', async () => {
    const time = { time_column: 'hour' }
    const february = {
      kind: 'static',
      from: new Date('2013-02-01T00:00:00Z'),
      to: new Date('2013-03-01T00:00:00Z'),
    } as const
    const found = await open({ production: [source({ window: february, columns: time })] }).production()
    assert.deepEqual([found.rows, found.roles.time, found.labelled], [2, 'hour', 0])
    assert.deepEqual(found.roles.features, ['code', 'delay', 'carrier'])
    const later = {
      ...february,
      from: new Date('2013-09-01T00:00:00Z'),
      to: new Date('2013-10-01T00:00:00Z'),
    }
    await noData(
      { production: [source({ window: later, columns: time })] },
      /No row of what was collected of deployment blue of endpoint flights has its hour between 2013-09-01T00:00:00Z and 2013-10-01T00:00:00Z: its 12 rows run from/,
    )
  })

  test('is read once of the same files, and anew when something has come', async () => {
    const planned = { production: [source({ window: rolling(2) })] }
    const first = await open(planned).production()
    const before = kept().length
    const again = await open(planned).production()
    assert.deepEqual(
      [again.fingerprint, again.files, kept().length],
      [first.fingerprint, first.files, before],
    )
    await writeLabels(platform, deployment, new Date(noon.getTime() + 1), [
      { id: 'r2', values: { late: true } },
    ])
    const later = await open(planned).production()
    assert.notEqual(later.fingerprint, first.fingerprint)
    assert.deepEqual([first.labelled, later.labelled], [2, 3])
  })

  test('a table, whole or in a window of its time column', async () => {
    const whole = await open({
      reference: source({ uri: csv, columns: { target_column: 'late' } }),
    }).reference()
    assert.deepEqual(
      [whole.rows, whole.roles.features, whole.roles.target, whole.window],
      [2, ['at', 'carrier', 'delay'], 'late', undefined],
    )
    const at = new Date('2013-02-15T00:00:00Z')
    const month = open({ production: [source({ uri: csv, window: rolling(20) })] }, at)
    assert.deepEqual((await month.production()).rows, 1)
    await noData(
      { production: [source({ uri: csv, window: rolling(20) })] },
      /No row of .* has its at between .*: its 2 rows run from 2013-01-01 05:00:00/,
    )
  })

  test('one Parquet file is linked where all of it is wanted, and copied where a part is', async () => {
    const folder = mkdtempSync(join(twin.home, 'parquet-'))
    await platform.analytics.session({ writes: [folder] }, (session) =>
      session.run(
        `copy (select timestamp '2013-01-01' + to_days(i::integer) as at, i * 1.5 as delay, i::varchar as hour from range(30) t(i))
         to ${literal(join(folder, 'january.parquet'))} (format parquet)`,
      ),
    )
    const uri = `${await uploadFolder(twin, 'months', folder)}/january.parquet`
    const read = async (given: Partial<DataSource>, at = '2013-02-01T00:00:00Z') => {
      const found = await open({ reference: source({ uri, ...given }) }, new Date(at)).reference()
      const [file = ''] = found.files
      const { nlink, mode } = statSync(file)
      return [found.rows, nlink > 1, mode & 0o222]
    }
    assert.deepEqual(await read({}), [30, true, 0])
    assert.deepEqual(await read({ window: rolling(31) }), [30, true, 0])
    const part = await read({ window: rolling(10) })
    assert.deepEqual(part.slice(0, 2), [9, false], 'of the 22nd to the 30th of January')
    const byText = await read({ window: rolling(31), columns: { time_column: 'hour' } }).catch(
      (error: unknown) => error,
    )
    assert.ok(byText instanceof NoData, 'whose times are text, which is read')
  })

  test('several sources are joined by correlation id; a segment is a part', async () => {
    const labels = await upload(twin, 'truth', {
      'truth.csv': 'request,was_late\nr3,0\nr4_1,0\nr4_1,1\nnobody,1\n',
    })
    const truth = source({
      context: 'ground_truth',
      uri: labels,
      columns: { correlation_id: 'request', target_column: 'was_late' },
    })
    const production = [source({ window: rolling(1), columns: { correlation_id: 'correlationid' } }), truth]
    const found = await open({ production }).production()
    assert.deepEqual([found.rows, found.labelled, found.roles.target], [4, 2, 'was_late'])
    const segment = { feature: 'carrier', values: ['UA', 'B6'] }
    const part = open({ production, segment })
    const { rows, view } = await part.production()
    assert.equal(rows, 3)
    const answer = await part.session((session) =>
      session.all(`select correlationid, "row", carrier, was_late from ${view} order by 1, 2`),
    )
    assert.deepEqual(answer.rows, [
      // An id with the number of a row, as Azure ML writes them; without one it is the first.
      ['r3', 0, 'UA', 0],
      ['r3', 1, 'B6', null],
      ['r4', 1, 'B6', 1],
    ])
    await noData({ production, segment: { feature: 'carier', values: ['AA'] } }, /Did you mean 'carrier'/)
    await noData({ production, segment: { feature: 'carrier', values: ['ZZ'] } }, /with carrier ZZ/)
  })

  test('of an endpoint, what all its deployments collected, those that have gone among them', async () => {
    const endpoint = `${twin.workspace}/onlineEndpoints/flights`
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    const other = collectingDeployment(twin.app.platform, twin.workspace, {}, 'green').deployment
    const at = new Date(noon.getTime() - 3_600_000)
    await writeCollected(platform, other, [
      { id: 'r4', at, inputs: [{ delay: 40, carrier: 'AA' }], outputs: [{ prediction: 1 }] },
      { id: 'g1', at, inputs: [{ delay: 41, carrier: 'DL' }], outputs: [{ prediction: 1 }] },
    ])
    const populations = openPopulations({
      platform: twin.app.platform,
      signal: new AbortController().signal,
      workspaceId: twin.workspace,
      actor: platform.identity('monitoring'),
      monitor: { name: 'm', signals: [], emails: [], periodMs: day, endpoint },
      planned: { ...plainSignal, production: [source({ window: rolling(1) })] },
      at: noon,
      model: undefined,
    })
    const { rows, view, roles } = await populations.production()
    assert.deepEqual(
      [rows, roles.prediction, roles.features],
      [5, 'prediction', ['code', 'delay', 'carrier', 'hour']],
    )
    const found = await populations.session((session) =>
      session.all(`select correlationid, "row", delay from ${view} order by 1, 2`),
    )
    assert.deepEqual(
      found.rows.map(([id, row, delay]) => [id, row, delay]),
      [
        ['g1', 0, 41],
        ['r3', 0, 3],
        ['r3', 1, 3.5],
        ['r4', 0, 4],
        ['r4', 1, 4.5],
      ],
    )
  })

  test('what is not there is no data, with the reason', async () => {
    await noData(
      { production: [source({ window: rolling(1, 30) })] },
      /Nothing is in what was collected of deployment blue of endpoint flights between 2026-01-01T12:00:00Z and 2026-01-02T12:00:00Z/,
    )
    await noData({ production: [source({ uri: 'azureml:flihgts:1' })] }, /flihgts/)
    await noData(
      { production: [source({ uri: csv, columns: { target_column: 'latee' } })] },
      /There is no column 'latee' in .*; it has at, carrier, delay, late\. Did you mean 'late'/,
    )
    await noData({ production: [source({ context: 'training' })] }, /Which model is watched is not known/)
    remove()
    await noData(
      { production: [source({ window: rolling(1) })] },
      /no deployment blue of endpoint flights any more/,
    )
  })
})
