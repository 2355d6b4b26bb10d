import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { near } from '../metrics/testing/rows.ts'
import { mulberry32 } from '../random/generator.ts'
import { findSlices } from './find.ts'
import { effectSize, sliceLineScore, welchPValue } from './moments.ts'
import { parted, type SliceColumn } from './parts.ts'
import { errorTree, type ErrorNode } from './tree.ts'

/** Rows of which those from the north above 60 are wrong three times as often; `noise` means nothing. */
function rows(n: number, seed: number, harm = 3): { losses: Uint8Array; columns: SliceColumn[] } {
  const random = mulberry32(seed)
  const age = Float64Array.from({ length: n }, () => 20 + Math.floor(random() * 60))
  const region = Array.from({ length: n }, () => ['north', 'south', 'west'][Math.floor(random() * 3)])
  const noise = Array.from({ length: n }, () => (random() < 0.02 ? null : `n${Math.floor(random() * 6)}`))
  const losses = Uint8Array.from(age, (years, i) =>
    Number(random() < (years >= 60 && region[i] === 'north' ? harm * 0.1 : 0.1)),
  )
  return {
    losses,
    columns: [
      { name: 'age', kind: 'numbers', values: age },
      { name: 'region', kind: 'categories', values: region },
      { name: 'noise', kind: 'categories', values: noise },
    ],
  }
}

describe('parts', () => {
  test('are quantiles of numbers, with what is missing apart', () => {
    const { parts, codes } = parted({
      name: 'x',
      kind: 'numbers',
      values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Number.NaN],
    })
    assert.equal(parts.length, 6)
    assert.deepEqual([...codes], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5])
    const flat = parted({ name: 'x', kind: 'numbers', values: [3, 3, 3] })
    assert.deepEqual([flat.parts.length, ...flat.codes], [2, 0, 0, 0])
    assert.deepEqual(parted({ name: 'x', kind: 'numbers', values: [Number.NaN] }).parts, [{ of: 'missing' }])
  })

  test('are the frequent categories, the others together', () => {
    const { parts, codes } = parted(
      { name: 'x', kind: 'categories', values: ['b', 'a', 'b', null, 'c', 'a', 'b'] },
      { categories: 2 },
    )
    assert.deepEqual(parts, [
      { of: 'value', value: 'b' },
      { of: 'value', value: 'a' },
      { of: 'other' },
      { of: 'missing' },
    ])
    assert.deepEqual([...codes], [0, 1, 0, 3, 2, 1, 0])
  })
})

describe('measures', () => {
  /* Literal p-value: SciPy 1.17.1, `ttest_ind([1,0,1,1], [0,1,0,0,0,1], equal_var=False, alternative='greater')`. */
  test("are SciPy's and the papers'", () => {
    const [slice, rest] = [
      { count: 4, sum: 3, squares: 3 },
      { count: 6, sum: 2, squares: 2 },
    ]
    near(welchPValue(slice, rest), 0.12239876551606242, 1e-10)
    near(effectSize(slice, rest), (Math.SQRT2 * (3 / 4 - 1 / 3)) / Math.sqrt(3 / 16 + 2 / 9))
    near(sliceLineScore(slice, { count: 10, sum: 5, squares: 5 }), 0.95 * 0.5 - 0.05 * 1.5)
    assert.equal(welchPValue({ count: 1, sum: 1, squares: 1 }, rest), 1)
  })
})

describe('finding slices', () => {
  test('finds the one that there is, with both its columns, and confirms it', () => {
    const { losses, columns } = rows(20_000, 1)
    const { slices, tested, loss } = findSlices(losses, columns, { random: mulberry32(2) })
    const [worst] = slices
    assert.match(
      worst?.id ?? '',
      /^age in \[\d+, \d+\]? ?\)? ?and region = north$|^age in .* and region = north$/,
    )
    assert.ok(worst?.confirmed)
    assert.ok((worst?.relativeLoss ?? 0) > 2 && (worst?.loss ?? 0) > loss)
    assert.ok((worst?.interval.lower ?? 0) < 0.3 && (worst?.interval.upper ?? 0) > 0.25)
    assert.ok((worst?.shrunk ?? 1) < (worst?.loss ?? 0))
    assert.ok(tested > 40)
    assert.ok(slices.every(({ id }) => !id.includes('noise')))
  })

  test('finds none where there is none', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { losses, columns } = rows(5000, seed, 1)
      assert.equal(
        findSlices(losses, columns, { random: mulberry32(seed) }).slices.filter((s) => s.confirmed).length,
        0,
      )
    }
  })

  test('refuses columns that do not match', () => {
    const { losses, columns } = rows(100, 1)
    assert.throws(
      () => findSlices(losses.subarray(1), columns, { random: mulberry32(1) }),
      /losses has 99 rows/,
    )
  })
})

describe('the tree of errors', () => {
  const leaves = (node: ErrorNode): ErrorNode[] =>
    node.children.length === 0 ? [node] : node.children.flatMap(leaves)

  test('isolates the slice, and its leaves are all the rows', () => {
    const { losses, columns } = rows(20_000, 3)
    const tree = errorTree(losses, columns, { random: mulberry32(4), depth: 2 })
    const all = leaves(tree)
    const worst = all.reduce((a, b) => (b.rate > a.rate ? b : a))
    assert.ok(worst.rate > 0.25, `${worst.rate}`)
    assert.equal(
      all.reduce((sum, { rows }) => sum + rows, 0),
      tree.rows,
    )
    near(
      all.reduce((sum, { coverage }) => sum + coverage, 0),
      1,
    )
    const words = JSON.stringify(tree)
    assert.ok(words.includes('region = north') && /age >= \d/.test(words), words)
  })

  test('is a root where nothing is wrong, or rows are few', () => {
    const { columns } = rows(1000, 5)
    assert.deepEqual(errorTree(new Uint8Array(1000), columns, { random: mulberry32(1) }).children, [])
    const few = rows(60, 6)
    assert.deepEqual(errorTree(few.losses, few.columns, { random: mulberry32(1) }).children, [])
  })
})
