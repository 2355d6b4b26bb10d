import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IncidentSummary } from '../../../api/incidents.ts'
import { median, severityRank, standing } from '../words.ts'
import { around } from './around.ts'
import { grouped, kindOf, labelsIn, readKinds, searched, writeKinds } from './standings.ts'

const incident = (more: Partial<IncidentSummary>): IncidentSummary => ({
  id: `/${more.name ?? '1'}`,
  name: '1',
  rule: 'slow',
  labels: { alertname: 'slow', severity: 'warning' },
  firedAt: '2026-11-23T10:00:00Z',
  state: 'Firing',
  severity: 'warning',
  value: 1,
  summary: 'p99 of latency 2 > 1',
  actions: {},
  ...more,
})

describe('incidents in a list', () => {
  test('stand in one word: what keeps them quiet before who sees to them', () => {
    const acknowledged = { by: 'ana', at: '' }
    assert.equal(standing(incident({})), 'Firing')
    assert.equal(standing(incident({ acknowledged })), 'Acknowledged')
    assert.equal(standing(incident({ acknowledged, silencedBy: 'silence a until …' })), 'Silenced')
    assert.equal(standing(incident({ silencedBy: 'inhibited by down' })), 'Inhibited')
    assert.equal(standing(incident({ state: 'Resolved', acknowledged })), 'Resolved')
    assert.equal(kindOf(incident({ acknowledged })), 'firing')
  })

  test('are chosen by words of the address, of which the unknown are passed over', () => {
    assert.deepEqual([...readKinds('resolved,nonsense,firing')], ['resolved', 'firing'])
    assert.equal(writeKinds(new Set(['resolved', 'firing'])), 'firing,resolved')
    assert.deepEqual([...readKinds(writeKinds(new Set()))], [])
  })

  test('stand in groups, the gravest first, and in each the newest first', () => {
    const all = [
      incident({ name: '1', rule: 'minor', severity: 'info', firedAt: '2026-11-23T12:00:00Z' }),
      incident({ name: '2', rule: 'bad', severity: 'page', firedAt: '2026-11-23T08:00:00Z' }),
      incident({ name: '3', rule: 'bad', severity: 'page', firedAt: '2026-11-23T09:00:00Z' }),
    ]
    assert.deepEqual(
      grouped(all, 'rule').map(({ name, incidents }) => [name, incidents.map((one) => one.name)]),
      [
        ['bad', ['3', '2']],
        ['minor', ['1']],
      ],
    )
    assert.deepEqual(
      grouped(all, 'endpoint').map(({ name }) => name),
      ['without endpoint'],
    )
    assert.deepEqual(labelsIn(all), ['severity'])
    assert.ok(severityRank('page') < severityRank('odd') && severityRank('odd') < severityRank('info'))
  })

  test('are found by rule, number, labels and who sees to them', () => {
    const all = [
      incident({ name: '12', labels: { endpoint: 'Flights' } }),
      incident({ name: '13', acknowledged: { by: 'ana', at: '' } }),
    ]
    const names = (text: string) => searched(all, text).map(({ name }) => name)
    assert.deepEqual(
      [names('flights'), names('#13'), names('ana'), names(' '), names('nothing')],
      [['12'], ['13'], ['13'], ['12', '13'], []],
    )
  })

  test('of some numbers the median is in the middle; of none there is none', () => {
    assert.equal(median([9, 1, 5]), 5)
    assert.equal(median([4, 2]), 3)
    assert.equal(median([]), undefined)
  })

  test('are looked at with as much around them as they lasted, an hour at least, and nothing that is to come', () => {
    const hour = 3_600_000
    const at = (hours: number) => new Date(hours * hour).toISOString()
    const look = (fired: number, resolved: number | undefined, now: number) => {
      const { from, to } = around(
        { firedAt: at(fired), resolvedAt: resolved === undefined ? undefined : at(resolved) },
        now * hour,
      )
      return [Date.parse(from) / hour, Date.parse(to) / hour]
    }
    assert.deepEqual(look(10, 10.1, 100), [9, 11.1])
    assert.deepEqual(look(10, 15, 100), [5, 20])
    assert.deepEqual(look(10, undefined, 12), [8, 12])
    assert.deepEqual(look(1000, 2000, 2010), [928, 2010])
  })
})
