import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openSignalLab, plainSignal } from '../../testing/signal-lab.ts'
import type { SignalCheck } from '../signal.ts'
import { multivariateParameters } from './parameters.ts'
import { multivariateDrift } from './signal.ts'

const lab = openSignalLab()
after(() => lab.end())

const parameters = { methods: ['reconstruction'] }

/** Five features that hang together, and one that does not: none of them tells alone that `broken` has set them apart. */
const rows = (from: number, count: number, broken = false) => `
  select x, ${broken ? '-x' : 'x'} + u / 10 as y, x - v / 10 as z, u, v, case when x + v / 5 > 0 then 'high' else 'low' end as c
  from (select sin(i * 12.9898) * 3 as x, cos(i * 78.233) * 2 as u, sin(i * 37.719) as v
        from range(${from}, ${from + count}) t(i))`

const breached = async (asked: Parameters<typeof lab.compute>[1]) => {
  const { values } = await lab.compute(multivariateDrift, {
    ...asked,
    planned: { parameters, ...asked.planned },
  })
  return values
}

describe('multivariate drift by reconstruction', () => {
  test('more of the same is within the limits of the reference, columns that come apart are not', async () => {
    const reference = { sql: rows(0, 4000) }
    const [same] = await breached({ reference, production: { sql: rows(4000, 1000) } })
    assert.equal(same?.breached, false)
    assert.equal(same?.threshold?.from, 'reference')
    assert.deepEqual([same?.n, same?.referenceN], [1000, 4000])
    const [apart] = await breached({ reference, production: { sql: rows(4000, 1000, true) } })
    assert.equal(apart?.breached, true)
    assert.ok((apart?.value ?? 0) > (same?.value ?? 0) * 1.5)
    assert.ok((apart?.interval?.lower ?? 0) < (apart?.value ?? 0))
  })

  test('a threshold that the monitor says counts instead', async () => {
    const [value] = await breached({
      reference: { sql: rows(0, 400) },
      production: { sql: rows(400, 100) },
      planned: {
        parameters,
        thresholds: { constant: { '': { reconstruction_error: 0.01 } }, correction: 'none' },
      },
    })
    assert.deepEqual([value?.threshold, value?.breached], [{ upper: 0.01, from: 'constant' }, true])
  })

  test('constant, empty, new and vanished columns and categories are no obstacle', async () => {
    const reference = {
      sql: `select *, 7.5 as same, null::double as empty, null as nothing, 'a' as category, x as gone, date '2013-01-01' as day
            from (${rows(0, 500)})`,
    }
    const production = {
      sql: `select *, 7.5 as same, 1.0 as empty, 'x' as nothing, 'never seen' as category, date '2013-01-01' as day, 1 as new
            from (${rows(500, 100)})`,
    }
    const { values, notes } = await lab.compute(multivariateDrift, {
      reference,
      production,
      planned: { parameters },
    })
    assert.equal(values[0]?.breached, true)
    assert.deepEqual(notes, [
      "Without 'nothing': It was INTEGER in the reference and is VARCHAR now.",
      "Without 'gone': Production has no such column any more.",
      'Without day: neither numbers nor categories.',
      'Without empty: the reference has no value of it.',
    ])
  })

  test('rows that are all missing become what stands for missing values', async () => {
    const [value] = await breached({
      reference: { sql: rows(0, 500) },
      production: {
        sql: `select null::double as x, null::double as y, null::double as z, 0.0 as u, 'nan'::double as v, null as c`,
      },
    })
    assert.ok(Number.isFinite(value?.value))
    assert.equal(value?.interval, undefined)
  })

  test('segments have values of their own, judged by what the monitor says', async () => {
    const [, ...parts] = await breached({
      reference: { sql: rows(0, 1000) },
      production: { sql: rows(1000, 400) },
      planned: {
        parameters,
        segments: ['c'],
        thresholds: { constant: { '': { reconstruction_error: 0.01 } }, correction: 'none' },
      },
    })
    assert.deepEqual(
      new Map(parts.map(({ segment, breached: isBeyond }) => [segment?.['c'], isBeyond])),
      new Map([
        ['low', true],
        ['high', true],
      ]),
    )
    assert.equal(
      parts.reduce((sum, { n }) => sum + n, 0),
      400,
    )
  })

  test('segments of the classifier alone are refused at their line', async () => {
    const check = async (
      methods: ('reconstruction' | 'domain_classifier')[],
      segments: readonly string[],
    ) => {
      const planned = { ...plainSignal, segments }
      const found = await multivariateDrift.check?.(multivariateParameters.parse({ methods }), {
        planned,
      } as unknown as SignalCheck)
      return found?.map(({ path, message }) => `${path.join('.')}: ${message}`).join()
    }
    assert.match((await check(['domain_classifier'], ['carrier'])) ?? '', /^segments: .* all rows together/)
    assert.equal(await check(['domain_classifier'], []), '')
    assert.equal(await check(['reconstruction', 'domain_classifier'], ['carrier']), '')
  })

  test('what cannot be asked has no data, with the reason', async () => {
    const one = { sql: 'select i::double as a from range(50) t(i)' }
    const reason = async (asked: Parameters<typeof lab.run>[1]) => {
      const result = await lab.run(multivariateDrift, { ...asked, planned: { parameters, ...asked.planned } })
      return result.outcome === 'no_data' ? result.reason : result.outcome
    }
    assert.match(
      await reason({ reference: one, production: one }),
      /^All 1 components of the features are needed/,
    )
    assert.match(
      await reason({ reference: one, production: { sql: 'select 1.0 as b' } }),
      /^No feature is on both sides .* a: Production has no such column any more\. It has 'b'\.$/,
    )
    assert.equal(
      await reason({
        reference: one,
        production: one,
        planned: { parameters, features: { names: ['a', 'b'] } },
      }),
      "'b' cannot be looked at. Neither side has such a column.",
    )
    assert.equal(await reason({ production: one }), 'There is no reference data.')
  })
})
