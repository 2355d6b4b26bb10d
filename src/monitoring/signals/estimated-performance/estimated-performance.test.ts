import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { estimatedPerformance } from './estimated-performance.ts'

/** Rows whose class is true as often as their score says, but for `off`, which makes it more often. */
const scored = (rows: number, off = 0, from = 0) =>
  `select (i * 7919 % 1000 + 0.5) / 1000 as p, (i * 7919 % 1000 >= 500)::int as said,
      (i * 104729 % 997) / 997.0 < (i * 7919 % 1000 + 0.5) / 1000 + ${off} as late, case when i % 2 = 0 then 'AA' else 'UA' end as carrier
    from range(${from}, ${from + rows}) t(i)`
const roles = { prediction: 'said', probabilities: { '1': 'p' } }
const reference = { sql: scored(4000), roles: { ...roles, target: 'late' } }

describe('estimated performance', () => {
  const lab = openSignalLab()
  after(() => lab.end())

  const valueOf = async (asked: Asked, metric: string, segment?: object) => {
    const result = await lab.compute(estimatedPerformance, { reference, ...asked })
    const found = result.values.find(
      (one) => one.metric === metric && JSON.stringify(one.segment) === JSON.stringify(segment),
    )
    assert.ok(found, metric)
    return found
  }

  test('is what calibrated probabilities promise, with limits of the reference where the monitor says none', async () => {
    const asked = { production: { sql: scored(1000, 0, 5000), roles } }
    const accuracy = await valueOf(asked, 'estimated_accuracy')
    // Of scores that are spread evenly from 0 to 1 the surer class is right in three of four rows.
    assert.ok(Math.abs((accuracy.value ?? 0) - 0.75) < 0.02, String(accuracy.value))
    assert.equal(accuracy.n, 1000)
    assert.ok((accuracy.interval?.upper ?? 0) - (accuracy.interval?.lower ?? 0) > 0.07)
    assert.equal(accuracy.threshold?.from, 'reference')
    assert.equal(accuracy.breached, false)
  })

  test('falls with scores that tell less, and labels that are in already do not change it', async () => {
    const sql = `select * replace (0.45 + p / 10 as p) from (${scored(1000)})`
    const found = await valueOf({ production: { sql, roles } }, 'estimated_accuracy')
    assert.ok((found.value ?? 1) < 0.56, String(found.value))
    assert.equal(found.breached, true)
    const wrong = {
      sql: `select * replace (not late as late) from (${sql})`,
      roles: { ...roles, target: 'late' },
    }
    assert.equal((await valueOf({ production: wrong }, 'estimated_accuracy')).value, found.value)
  })

  test('scores that promise too little are calibrated', async () => {
    const off = { sql: scored(4000, 0.25), roles: { ...roles, target: 'late' } }
    const asked = { production: { sql: scored(1000, 0.25, 5000), roles }, reference: off }
    const result = await lab.compute(estimatedPerformance, asked)
    assert.deepEqual((result.details as { calibrated: unknown }).calibrated, [true])
    assert.match(result.notes.join(' '), /probabilities of true are calibrated/)
    const of = (metric: string) => result.values.find((one) => one.metric === metric)?.value ?? 0
    // Rows are late at P(p + ¼ > u): 8 in 32 below ½, 1 from ¾ on.
    assert.ok(Math.abs(of('estimated_accuracy') - (0.5 * 0.5 + 0.5 * (1 - 1 / 16))) < 0.03)
  })

  test('segments have their own estimates and limits', async () => {
    const sql = `select * replace (case when carrier = 'UA' then 0.5 + (p - 0.5) / 20 else p end as p) from (${scored(2000)})`
    const asked = { production: { sql, roles }, planned: { segments: ['carrier'] } }
    assert.equal((await valueOf(asked, 'estimated_roc_auc', { carrier: 'AA' })).breached, false)
    assert.equal((await valueOf(asked, 'estimated_accuracy', { carrier: 'UA' })).breached, true)
  })

  test('without probabilities, labels of the reference or rows there is no data', async () => {
    const reason = async (asked: Asked) => {
      const result = await lab.run(estimatedPerformance, {
        reference,
        production: { sql: scored(100), roles },
        ...asked,
      })
      return 'reason' in result ? result.reason : ''
    }
    const bare = { prediction: 'said' }
    assert.match(
      await reason({
        production: { sql: scored(100), roles: bare },
        reference: { sql: scored(100), roles: { ...bare, target: 'late' } },
      }),
      /estimated from probabilities: name their columns/,
    )
    assert.match(
      await reason({ reference: { sql: scored(100), roles: { ...bare, target: 'late' } } }),
      /reference has no probabilities to learn from/,
    )
    assert.match(
      await reason({ reference: { sql: scored(100), roles } }),
      /reference has no labels to learn from/,
    )
    assert.match(
      await reason({
        production: { sql: `select * replace (null::double as p) from (${scored(50)})`, roles },
      }),
      /None of the 50 rows of the window has a probability/,
    )
    assert.match(
      await reason({
        reference: {
          sql: `select * replace (p * 4 - 2 as p) from (${scored(500)})`,
          roles: { ...roles, target: 'late' },
        },
      }),
      /scores go from -1\.\d+ to 1\.\d+: performance is estimated from probabilities/,
    )
    assert.match(
      await reason({
        planned: {
          parameters: {
            business_value_matrix: [
              [1, 2, 3],
              [1, 2, 3],
            ],
          },
        },
      }),
      /is to have 2 rows of 2 values/,
    )
  })

  test('constant scores and a reference of one class are told, never guessed', async () => {
    const constant = { sql: `select * replace (0.3 as p, 0 as said) from (${scored(500)})`, roles }
    assert.ok(
      Math.abs(((await valueOf({ production: constant }, 'estimated_roc_auc')).value ?? 0) - 0.5) < 1e-6,
    )
    const one = {
      sql: `select * replace (false as late) from (${scored(500)})`,
      roles: { ...roles, target: 'late' },
    }
    const result = await lab.compute(estimatedPerformance, {
      production: { sql: scored(500), roles },
      reference: one,
    })
    const auc = result.values.find(({ metric }) => metric === 'estimated_roc_auc')
    assert.equal(auc?.threshold, undefined)
    assert.equal(auc?.breached, undefined)
    const odd = {
      sql: `select * replace (case when said = 1 then 'lost' else '0' end as said) from (${scored(500)})`,
      roles,
    }
    assert.ok((await valueOf({ production: odd }, 'estimated_accuracy')).value !== null)
    const silent = {
      sql: `select * replace (case when carrier = 'AA' then said end as said) from (${scored(500)})`,
      roles,
    }
    const half = await lab.compute(estimatedPerformance, { production: silent, reference })
    assert.match(half.notes.join(' '), /250 rows have no prediction of a class with a probability/)
    assert.equal(half.values.find(({ metric }) => metric === 'estimated_accuracy')?.n, 250)
    assert.equal(half.values.find(({ metric }) => metric === 'estimated_roc_auc')?.n, 500)
  })
})
