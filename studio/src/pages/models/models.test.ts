import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { judgedIn } from '../../api/evaluation.ts'
import type { Model, ModelVersion } from '../../api/models.ts'
import type { Release } from '../../api/releases.ts'
import { isGreaterBetter, paired, signatureChanges } from './compare/differences.ts'
import { curveOption } from './evaluation/curve-options.ts'
import { ladderOf } from './ladder.ts'
import { usageOf } from './usage-texts.ts'

const systemData = (createdAt: string) => ({
  createdAt,
  createdBy: 'ann',
  lastModifiedAt: createdAt,
  lastModifiedBy: 'ann',
})
const version = (name: string): ModelVersion => ({
  id: `/m/versions/${name}`,
  name,
  type: 'v',
  properties: {},
  systemData: systemData(`2026-01-0${name}`),
})
const release = (number: string, properties: object): Release =>
  ({
    id: `/w/providers/Twinloop/releasePlans/delay/releases/${number}`,
    name: number,
    type: 'r',
    properties,
    systemData: systemData(`2026-02-0${number}`),
  }) as unknown as Release

describe('the way of versions to production', () => {
  const model: Model = {
    id: '/m',
    name: 'delay',
    type: 'm',
    systemData: systemData('2026-01-01'),
    properties: {
      aliases: { champion: '2', blue: '1' },
      aliasHistory: [
        { alias: 'champion', from: null, to: '1', by: 'ann', at: 'a' },
        { alias: 'champion', from: '1', to: '2', by: 'ann', at: 'b' },
      ],
    },
  }
  const plan = { stages: [{ name: 'staging' }, { name: 'production' }] }
  const of = (n: string, phase: string, stage: string) => ({
    version: n,
    phase,
    stage,
    state: 'waiting',
    plan,
    candidate: { id: `/m/versions/${n}`, name: 'delay', version: n },
  })

  test('has a rung for each stage, for who reigns, and for who reigned', () => {
    const releases = [
      release('1', of('1', 'ended', 'production')),
      release('2', of('2', 'ended', 'production')),
      release('3', of('3', 'open', 'production')),
    ]
    const rungs = ladderOf(model, ['1', '2', '3', '4', '5'].map(version), releases)
    assert.deepEqual(
      rungs.map(({ name, versions }) => [name, versions.map((one) => one.version)]),
      [
        ['Registered', ['5', '4']],
        ['staging', []],
        ['production', ['3']],
        ['Champion', ['2']],
        ['Formerly', ['1']],
      ],
    )
    assert.equal(rungs[3]?.versions[0]?.at, 'b')
    assert.deepEqual(rungs[2]?.versions[0]?.release, { plan: 'delay', number: '3', state: 'waiting' })
  })

  test('without releases and aliases all are just registered, and many are counted', () => {
    const bare = { ...model, properties: {} }
    const [registered, champion] = ladderOf(bare, ['1', '2', '3', '4', '5'].map(version), [])
    assert.deepEqual([registered?.versions.length, registered?.of, champion?.versions], [3, 5, []])
  })
})

test('what judged a version is found, as candidate and as champion', () => {
  const gate = (name: string, result?: object) => ({ name, gate: name, attempt: 1, state: 'passed', result })
  const releases = [
    release('2', {
      candidate: { id: '/M/versions/2' },
      champion: { id: '/m/versions/1' },
      stages: [{ name: 'staging', gates: [gate('load', {}), gate('champion', {})] }],
    }),
    release('1', {
      candidate: { id: '/m/versions/1' },
      stages: [{ name: 'staging', gates: [gate('champion')] }],
    }),
  ]
  const found = (id: string) => judgedIn(releases, id).map(({ release: { name }, role }) => [name, role])
  assert.deepEqual(found('/m/versions/2'), [['2', 'candidate']])
  assert.deepEqual(found('/m/versions/1'), [['2', 'champion']], 'not of a gate that has not looked yet')
  assert.deepEqual(found('/m/versions/3'), [])
})

describe('two versions', () => {
  const field = (name: string, type = 'double', required = true) => ({ name, type, required })
  test('differ to their callers by what came, went, changed or stands elsewhere', () => {
    assert.deepEqual(signatureChanges([field('a'), field('b')], [field('a'), field('b')]), [])
    assert.deepEqual(
      signatureChanges(
        [field('a'), field('b'), field('c')],
        [field('b'), field('a', 'double', false), field('d', 'long')],
      ),
      [
        { name: 'a', what: 'double → double, may be missing' },
        { name: 'd', what: 'new: long' },
        { name: 'c', what: 'gone: double' },
        { name: 'order', what: 'rows sent by position are read otherwise' },
      ],
    )
  })
  test('have what differs first', () => {
    assert.deepEqual(
      paired({ a: '1', b: '2', c: '3' }, { a: '1', b: '4' }).map(({ name }) => name),
      ['b', 'c', 'a'],
    )
  })
  test('are better by the direction that the name of a metric says, if it says one', () => {
    assert.deepEqual(
      ['roc_auc', 'log_loss', 'brier_score', 'rmse', 'f1_score', 'r2', 'rows', 'val_accuracy'].map(
        isGreaterBetter,
      ),
      [true, false, false, false, true, true, undefined, true],
    )
  })
})

test('curves reach from 0 to 1 on both axes, with the threshold on them', () => {
  const colours = { series: ['#a', '#b'], text: '', muted: '', line: '', page: '', bad: '' }
  const { xAxis, series } = curveOption(
    [{ name: 'm', colour: 2, points: [[0, 0]], at: [0.5, 0.6] }],
    { x: 'x', y: 'y', chance: [] },
    colours,
  )
  assert.deepEqual([xAxis.min, xAxis.max, series.length], [0, 1, 3])
})

test('a version is used by its alias where it has one, and only as what it is', () => {
  const texts = (more: { alias: string | undefined; type: string | undefined }) =>
    usageOf('delay', '2', more)
      .map(({ text }) => text)
      .join('\n')
  assert.match(texts({ alias: 'champion', type: 'mlflow_model' }), /"models:\/delay@champion"/)
  assert.match(texts({ alias: undefined, type: 'mlflow_model' }), /"models:\/delay\/2"/)
  assert.doesNotMatch(texts({ alias: 'champion', type: 'custom_model' }), /mlflow/)
})
