import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IncidentAction } from '../api/incidents.ts'
import type { Job } from '../api/jobs.ts'
import type { MonitorSummary } from '../api/monitors.ts'
import type { Release } from '../api/releases.ts'
import type { Resource } from '../api/resource.ts'
import { pathOf } from '../frame/paths.ts'
import { parseSearch, stringifySearch } from '../frame/search.ts'
import { around, withoutPlaces } from '../parts/lineage-graph.ts'
import { red } from './endpoints/overview/red.ts'
import { shared } from './endpoints/traffic/share-traffic.ts'
import { needs, type ScheduleRuns } from './home/needs.ts'
import { readable } from './jobs/log-text.ts'
import { edgesOf } from './jobs/pipeline-edges.ts'
import { numbersIn } from './models/tag-numbers.ts'
import { actionsOf } from './releases/decide/possible-actions.ts'

test('the view of an address comes back as it was', () => {
  const search = { q: 'late & ünïcode =?', sort: '-started', tab: 'logs' }
  assert.deepEqual(parseSearch(stringifySearch(search)), search)
  assert.equal(stringifySearch({ q: '', tab: undefined }), '')
  assert.deepEqual(parseSearch('?q=1&q=2&%zz'), { q: '2', '%zz': '' })
})

test('resources have pages, whatever they are called', () => {
  const place = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/dev'
  assert.equal(pathOf('dev', `${place}/models/m/versions/1`), '/w/dev/models/m/1')
  assert.equal(pathOf('a.dev', `${place}/jobs/x y`), '/w/a.dev/jobs/x%20y')
  assert.equal(pathOf('dev', `${place}/codes/c`), undefined)
})

describe('traffic', () => {
  const sum = (shares: Readonly<Record<string, number>>) => Object.values(shares).reduce((a, b) => a + b, 0)
  test('is shared by the others in proportion, in whole percents', () => {
    assert.deepEqual(shared({ blue: 100, green: 0 }, 'green', 10), { blue: 90, green: 10 })
    assert.deepEqual(shared({ a: 50, b: 25, c: 25 }, 'a', 20), { a: 20, b: 40, c: 40 })
    assert.deepEqual(shared({ a: 100, b: 0 }, 'a', 60), { a: 60, b: 40 })
    for (const share of [0, 1, 33, 66, 99, 100, 120, -5])
      assert.equal(sum(shared({ a: 34, b: 33, c: 33 }, 'b', share)), 100)
  })
})

test('errors are the server’s and the model’s, not the caller’s', () => {
  const point = (count: number) => [{ at: 60_000, count }]
  const { requests, errors, rates, errorShares } = red({
    from: 0,
    to: 300_000,
    grainMs: 60_000,
    series: [
      { labels: { status: '200' }, points: point(90) },
      { labels: { status: '400' }, points: point(4) },
      { labels: { status: '424' }, points: point(5) },
      { labels: { status: '503' }, points: point(1) },
    ],
  })
  assert.deepEqual([requests, errors, rates[0]?.value, errorShares[0]?.value], [100, 6, 100 / 60, 0.06])
})

test('a pipeline’s edges are the bindings of its inputs', () => {
  assert.deepEqual(
    edgesOf({
      prepare: { inputs: { month: { value: '${{parent.inputs.month}}' } } },
      train: {
        inputs: {
          data: { value: '${{ parent.jobs.prepare.outputs.train }}' },
          too: { value: '${{parent.jobs.prepare.outputs.holdout}}' },
        },
      },
    }),
    [{ from: 'prepare', to: 'train', label: 'train, holdout' }],
  )
})

test('places in between are left out of a lineage, also where they go round', () => {
  const node = (id: string, type = 'workspaces/jobs') => ({ id, type, name: id })
  const edge = (from: string, to: string) => ({ from, to, kind: 'wrote' })
  const { nodes, edges } = withoutPlaces({
    root: 'b',
    nodes: [node('a'), node('p', 'place'), node('q', 'place'), node('b'), node('end', 'place')],
    edges: [edge('a', 'p'), edge('p', 'q'), edge('q', 'p'), edge('q', 'b'), edge('b', 'end')],
  })
  assert.deepEqual(
    nodes.map(({ id }) => id),
    ['a', 'b', 'end'],
  )
  assert.deepEqual(
    edges.map(({ from, to }) => `${from}>${to}`),
    ['a>b', 'b>end'],
  )
})

test('a log is read as a terminal would show it', () => {
  assert.equal(readable('\u001B[31mred\u001B[0m\r\n 10 %\r 50 %\r100 %\ndone\n'), 'red\n100 %\ndone\n')
})

test('tags that are numbers in every version are metrics', () => {
  assert.deepEqual(
    numbersIn([
      { auc: '0.7', team: 'a', n: '1' },
      { auc: '0.8', n: 'many' },
    ]),
    ['auc'],
  )
})

describe('what can be done about a release', () => {
  const release = (properties: object) =>
    ({ properties: { stages: [], stage: 's', ...properties } }) as unknown as Release
  const actions = (properties: object) => actionsOf(release(properties)).map(({ action }) => action)
  test('depends on how it stands', () => {
    const delivering = (state: string) => ({
      phase: 'open',
      state: 'delivering',
      stages: [{ name: 's', gates: [], delivery: { state } }],
    })
    assert.deepEqual(actions({ phase: 'open', state: 'blocked' }), ['retry', 'waive', 'cancel'])
    assert.deepEqual(actions({ phase: 'open', state: 'waiting' }), ['cancel'])
    assert.deepEqual(actions(delivering('running')), ['promote', 'abort', 'pause'])
    assert.deepEqual(actions(delivering('paused')), ['promote', 'abort', 'resume'])
    assert.deepEqual(actions({ phase: 'ended', state: 'failed' }), [])
    assert.deepEqual(actions({ ...delivering('succeeded'), phase: 'ended', state: 'succeeded' }), [
      'rollback',
    ])
  })
})

test('what needs somebody is the oldest first, and a job that was repaired needs nobody', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  const at = (hour: number) => `2026-11-23T${String(hour).padStart(2, '0')}:00:00Z`
  const job = (name: string, status: string, hour: number, displayName = name) =>
    ({
      id: `/x/workspaces/dev/jobs/${name}`,
      name,
      properties: { status, displayName, jobType: 'Command' },
      systemData: { createdAt: at(hour), lastModifiedAt: at(hour) },
    }) as unknown as Job
  const release = {
    id: '/x/workspaces/dev/providers/Twinloop/releasePlans/plan/releases/3',
    name: '3',
    properties: {
      phase: 'open',
      state: 'waiting',
      reason: 'waits',
      stage: 'p',
      stages: [{ name: 'p', gates: [], approval: { state: 'open', requestedAt: at(8) } }],
    },
    systemData: { createdAt: at(7), lastModifiedAt: at(8) },
  } as unknown as Release
  const found = needs(
    {
      jobs: [job('a', 'Failed', 9), job('b', 'Failed', 5, 'nightly'), job('c', 'Completed', 6, 'nightly')],
      releases: [release],
      endpoints: [],
      incidents: [],
      actions: [
        {
          id: '/x/workspaces/dev/providers/Twinloop/incidents/7/actions/0-roll_back',
          name: '0-roll_back',
          properties: { kind: 'roll_back', state: 'Waiting', reason: 'asks first', awaiting: 'approval' },
          systemData: { createdAt: at(4) },
        } as unknown as IncidentAction,
      ],
      proposals: [],
      schedules: [
        {
          id: '/x/workspaces/dev/schedules/weekly',
          name: 'weekly',
          properties: { isEnabled: true, lastRun: { at: at(10), error: 'its data is gone' } },
        } as unknown as Resource<ScheduleRuns>,
      ],
      monitors: [
        { name: 'blind', enabled: true, verdict: 'no_data', lastRun: { name: '', at: at(3), state: '' } },
        { name: 'fine', enabled: true, verdict: 'ok' },
      ] as unknown as readonly MonitorSummary[],
    },
    now,
  )
  assert.deepEqual(
    found.map(({ kind, title }) => `${kind}: ${title}`),
    [
      'silent monitor: blind',
      'action: #7 roll back',
      'approval: plan/3',
      'failed job: a',
      'failed schedule: weekly',
    ],
  )
})

test('of a large lineage the nearest are drawn, whichever way they lie', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `n${i}`)
  const chain = {
    nodes: ids.map((id) => ({ id, type: 'workspaces/jobs', name: id })),
    edges: ids.slice(1).map((to, i) => ({ from: ids[i] ?? '', to, label: 'x' })),
  }
  const near = around(chain, 'N100', 5)
  assert.deepEqual(
    near.nodes.map(({ id }) => id),
    ['n98', 'n99', 'n100', 'n101', 'n102'],
  )
  assert.equal(near.edges.length, 4)
})
