import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json } from '../../../kernel/resources/resource.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import type { Explanation } from './explanation.ts'
import { judgeExplanations } from './judge.ts'
import { explanationsParameters } from './parameters.ts'
import { ndcg } from './ranking.ts'
import { explanationsReport } from './report.ts'

/** An explanation with these importances, each drawn around its mean by at most `spread`. */
function explained(
  means: Readonly<Record<string, number>>,
  { spread = 0.001, rows = 2000 }: { readonly spread?: number; readonly rows?: number } = {},
): Explanation {
  const random = mulberry32(1)
  const columns = Object.entries(means).map(([column, mean]) => ({
    column,
    mean,
    deviation: spread,
    moved: mean === 0 ? 0 : 0.1,
    replicates: Array.from({ length: 200 }, () => (mean === 0 ? 0 : mean + (2 * random() - 1) * spread)),
  }))
  return {
    permutation: { loss: 'log loss', base: 0.5, repeats: 5, rows, columns },
    classes: ['no', 'yes'],
    positive: 'yes',
    dependence: [{ column: 'income', number: false, points: [['<b>', 0.5]] }],
    shap: null,
    notes: ['No SHAP values: nobody knows.'],
  }
}

const labels = { candidate: 'loans:2', champion: 'loans:1' }
const judge = (candidate: Explanation, limits: Json = {}, champion?: Explanation) =>
  judgeExplanations(
    { candidate, champion },
    explanationsParameters.parse({ data: 'azureml:loans@latest', target: 'paid', ...limits }),
    labels,
  )

describe('judging explanations', () => {
  const usual = explained({ income: 0.2, debt: 0.1, sex: 0.05, age: 0 })

  test('without a limit it tells what the model goes by', () => {
    const { verdict, summary, measures, notes } = judge(usual)
    assert.equal(verdict, 'pass')
    assert.equal(summary, 'It goes by income (57.1%), debt (28.6%) and sex (14.3%).')
    assert.deepEqual(notes, ['No SHAP values: nobody knows.'])
    assert.deepEqual(
      measures.map(({ slice, estimate, verdict: own }) => [slice?.['column'], estimate, own]),
      [
        ['income', 0.2, undefined],
        ['debt', 0.1, undefined],
        ['sex', 0.05, undefined],
        ['age', 0, undefined],
      ],
    )
  })

  test('a column that must not matter fails if it surely does, and is inconclusive if it may', () => {
    const { verdict, summary } = judge(usual, { must_not_matter: ['age', 'sex'] })
    assert.equal(verdict, 'fail')
    assert.match(
      summary,
      /^'sex' matters and must not: shuffled, the log loss grows by 0\.05 \(0\.049\d* to 0\.050\d*\)\.$/,
    )
    const age = (means: Record<string, number>, spread?: number) =>
      judge(explained({ income: 0.3, ...means }, spread === undefined ? {} : { spread }), {
        must_not_matter: ['age'],
      })
    assert.equal(age({ age: 0 }).verdict, 'pass')
    assert.equal(age({ age: 0.001 }, 0.1).verdict, 'inconclusive')
    assert.match(age({ age: 0.001 }, 0.1).summary, /^Whether 'age' matters, which must not, cannot be told/)
    const used = age({ age: 0.0001 }, 0.001)
    assert.equal(used.verdict, 'pass')
    assert.match(String(used.measures[0]?.note), /the model uses it, to no effect/)
    const unknown = judge(usual, { must_not_matter: ['race'] }).measures[0]
    assert.deepEqual(
      [unknown?.estimate, unknown?.verdict, unknown?.note],
      [0, 'pass', 'no input of the model'],
    )
  })

  test('one column with nearly all of the importance is a leak', () => {
    const leaking = explained({ answer: 0.6, income: 0.01 })
    const { verdict, summary } = judge(leaking, { max_share: '90%' })
    assert.equal(verdict, 'fail')
    assert.match(summary, /^'answer' has 98\.4% of the whole importance .*at most 90% is allowed\.$/)
    assert.equal(judge(usual, { max_share: 0.9 }).verdict, 'pass')
    assert.equal(
      judge(explained({ income: 0.2, debt: 0.2 }, { spread: 0.1 }), { max_share: 0.5 }).verdict,
      'inconclusive',
    )
    const idle = judge(explained({ income: 0 }), { max_share: 0.5 })
    assert.equal(idle.verdict, 'inconclusive')
    assert.match(idle.summary, /^Shuffling no column makes the model worse\./)
  })

  test('the ranking is held against the champion’s, where there is one', () => {
    const other = explained({ sex: 0.3, debt: 0.02, income: 0.01, age: 0 })
    assert.equal(judge(usual, { like_champion: 0.9 }, usual).verdict, 'pass')
    assert.equal(judge(usual, { like_champion: 0.9 }, other).verdict, 'fail')
    const alone = judge(usual, { like_champion: 0.9 })
    assert.deepEqual([alone.verdict, alone.measures[0]?.note], ['not_applicable', 'there is no champion'])
  })

  test('few rows let nothing pass, and do not excuse what fails', () => {
    const few = explained({ income: 0.2, debt: 0.1, age: 0 }, { rows: 120 })
    assert.equal(judge(few, { must_not_matter: ['age'] }).verdict, 'inconclusive')
    assert.equal(judge(few, { must_not_matter: ['debt'] }).verdict, 'fail')
  })

  test('NDCG is that of scikit-learn', () => {
    const rank = (means: readonly number[]) => means.map((mean, i) => ({ column: String(i), mean }))
    // sklearn.metrics.ndcg_score([[10, 0, 0, 1, 5]], [[.1, .2, .3, 4, 70]])
    const found = ndcg(rank([0.1, 0.2, 0.3, 4, 70]), rank([10, 0, 0, 1, 5]))
    assert.ok(Math.abs(found - 0.6956940443813076) < 1e-12, String(found))
    assert.ok(Number.isNaN(ndcg(rank([1, 2]), rank([0, -1]))))
  })

  test('the report escapes what data say', () => {
    const { details, measures, notes } = judge(usual, {}, usual)
    const report = explanationsReport(details, measures, notes)
    assert.match(report, /^<div class="evidence">/)
    assert.ok(!report.includes('<b>'))
    for (const said of ['loans:2', 'loans:1', 'What matters', 'the probability of'])
      assert.ok(report.includes(said), said)
  })
})
