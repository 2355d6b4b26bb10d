import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { UnfitForProfile } from '../profile-table.ts'
import { startLab, type ProfileLab } from './table.ts'

/** Numbers as good as random, the same every time. */
const noise = (salt: number) => `((i * 2654435761 + ${salt} * 40503) % 65537) / 65537.0`

describe('what tells of a target', () => {
  let lab: ProfileLab
  before(async () => {
    lab = await startLab()
  })
  after(() => lab.end())

  test('leaks are found, and honest features are not accused', async () => {
    const { target, warnings } = await lab.profile(
      {
        data: `select y, y * 100 + ${noise(1)} as amount, case when y = 1 then ${noise(2)} end as settled,
          ['no', 'yes'][1 + y] as answer, ${noise(3)} + y * 0.3 as hint, ${noise(4)} as chance, i as id, y as copy
          from (select i, (hash(i) % 4 = 0)::integer as y from range(4000) t(i))`,
      },
      { target: 'y' },
    )
    const of = (name: string) => target?.features.find(({ column }) => column === name)
    assert.equal(target?.task, 'binary_classification')
    assert.equal(of('amount')?.value, 1)
    assert.ok((of('settled')?.missingness ?? 0) > 0.99)
    assert.ok((of('answer')?.mutualInformation ?? 0) > 0.999)
    assert.ok((of('hint')?.value ?? 0) > 0.6 && of('hint')?.suspectedLeakage === false)
    assert.ok((of('chance')?.value ?? 1) < 0.55 && of('chance')?.suspectedLeakage === false)
    const leaks = warnings
      .filter(({ code }) => code.startsWith('leakage'))
      .map(({ column, code }) => `${column} ${code}`)
    assert.deepEqual(leaks.toSorted(), [
      'amount leakage',
      'answer leakage',
      'copy leakage',
      'settled leakage_missingness',
    ])
  })

  test('numbers are targets, too', async () => {
    const { target } = await lab.profile(
      {
        data: `select x * 3 + 1 as y, x, x * x as bent, (x // 20)::varchar as part, ${noise(5)} as chance
          from (select i, (i * 37) % 200 - 100 as x from range(3000) t(i))`,
      },
      { target: 'y' },
    )
    const of = (name: string) => target?.features.find(({ column }) => column === name)?.value ?? NaN
    assert.equal(target?.task, 'regression')
    assert.ok(of('x') > 0.999999 && of('part') > 0.9 && of('chance') < 0.05)
  })

  test('of several classes each is held against the rest', async () => {
    const { target } = await lab.profile(
      {
        data: `select ['a', 'b', 'c'][1 + i % 3] as y, (i % 3) * 10 + ${noise(6)} as x from range(900) t(i)`,
      },
      { target: 'y' },
    )
    assert.equal(target?.task, 'multiclass_classification')
    assert.deepEqual(
      target?.classes.map(({ value, count }) => [value, count]),
      [
        ['a', 300],
        ['b', 300],
        ['c', 300],
      ],
    )
    assert.ok((target?.features[0]?.value ?? 0) > 0.99)
  })

  test('times that come later are asked about', async () => {
    const { warnings } = await lab.profile(
      {
        data: `select i % 2 as y, timestamp '2020-01-01' + interval (i) hour as ordered,
          timestamp '2020-01-03' + interval (i + i % 5) hour as delivered from range(500) t(i)`,
      },
      { target: 'y' },
    )
    assert.deepEqual(
      warnings.filter(({ code }) => code === 'known_later').map(({ column }) => column),
      ['delivered'],
    )
  })

  test('what cannot be predicted is refused in words', async () => {
    const refused = (sql: string, target: string) =>
      assert.rejects(lab.profile({ data: sql }, { target }), (error: Error) => {
        assert.ok(error instanceof UnfitForProfile)
        return true
      })
    await refused('select 1 as y from range(5)', 'y')
    await refused(`select md5(i::varchar) as y from range(500) t(i)`, 'y')
    await refused('select 1 as y', 'z')
  })
})
