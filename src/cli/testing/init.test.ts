import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { testShell, type TestShell } from './io.ts'

let shell: TestShell
beforeEach(() => {
  shell = testShell()
})
afterEach(() => shell.end())

const read = (file: string) => readFileSync(join(shell.folder, file), 'utf8')
const filesIn = (folder: string) =>
  globSync('**', { cwd: join(shell.folder, folder), withFileTypes: false }).filter((file) =>
    statSync(join(shell.folder, folder, file)).isFile(),
  )
/** Customers of whom some leave: enough of them to learn from. */
const customers = `id,plan,months,churned\n${Array.from({ length: 80 }, (_, i) => `${i},${i % 2 === 0 ? 'basic' : 'full'},${i % 24},${i % 3 === 0 ? 'yes' : 'no'}`).join('\n')}\n`

describe('twinloop init', () => {
  test('lays out a project whose every file is right', async () => {
    const { code, out, err } = await shell.run('init', 'wear-and-tear')
    assert.equal(code, 0, err)
    assert.match(
      out,
      /predicts {2}breaks_down, true or not, from 8 columns; left out: machine \(it names the rows\)/,
    )
    const files = globSync('wear-and-tear/{mlops,infrastructure}/**/*.yml', { cwd: shell.folder })
    assert.ok(files.length > 10)
    const checked = await shell.run('validate', ...files)
    assert.equal(checked.code, 0, checked.err)
    assert.equal(checked.err, '')
    assert.ok(statSync(join(shell.folder, 'wear-and-tear/infrastructure/apply.sh')).mode & 0o100)
    assert.match(read('wear-and-tear/.gitignore'), /\.twinloop\//)
    for (const file of filesIn('wear-and-tear'))
      assert.doesNotMatch(read(join('wear-and-tear', file)), /<<\w+>>/, file)
  })

  test('fits data of the user', async () => {
    shell.write({ 'customers.csv': customers })
    const { code, err } = await shell.run('init', 'churn', '--data', 'customers.csv', '--target', 'churned')
    assert.equal(code, 0, err)
    const columns = read('churn/data-science/src/columns.py')
    assert.match(columns, /^TARGET = "churned"$/m)
    assert.match(columns, /^POSITIVE = "yes"$/m)
    assert.match(columns, /^CATEGORIES = \["plan"\]$/m)
    assert.match(columns, /^NUMBERS = \["months"\]$/m)
    assert.match(columns, /^# id: it names the rows$/m)
    const [kept, held] = ['churn', 'churn-holdout'].map((name) =>
      read(`churn/data/${name}.csv`).trim().split('\n'),
    )
    assert.deepEqual(
      [...(kept ?? []).slice(1), ...(held ?? []).slice(1)].sort(),
      customers.trim().split('\n').slice(1).sort(),
    )
    const request = JSON.parse(read('churn/mlops/deploy/online/request.json')) as {
      input_data: { columns: string[]; data: unknown[][] }
    }
    assert.deepEqual(request.input_data.columns, ['plan', 'months'])
    assert.match(read('churn/mlops/data/contract.yml'), /column: churned, not_null: true, in: \[ no, yes \]/)
  })

  test('writes the files of the CI that is asked for, and no others', async () => {
    const have = (ci: string) =>
      [`${ci}/.github/workflows/release.yml`, `${ci}/.azure-pipelines/release.yml`].map(
        (file) => globSync(file, { cwd: shell.folder }).length,
      )
    for (const [ci, files] of [
      ['github', [1, 0]],
      ['azure', [0, 1]],
      ['both', [1, 1]],
      ['none', [0, 0]],
    ] as const) {
      assert.equal((await shell.run('init', `for-${ci}`, '--ci', ci)).code, 0)
      assert.deepEqual(have(`for-${ci}`), files, ci)
    }
  })

  test('commits, unless the folder is in a repository already', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: shell.folder, encoding: 'utf8' }).trim()
    mkdirSync(join(shell.folder, 'mono'))
    git('init', '--quiet', 'mono')
    const { out } = await shell.run('init', 'mono/model-a')
    assert.match(out, /in the repository .*mono; nothing was committed/)
    assert.equal(git('-C', 'mono', 'status', '--porcelain'), '?? model-a/')
  })

  test('never writes over a file, and then writes nothing', async () => {
    shell.write({ 'taken/README.md': 'mine' })
    const { code, err } = await shell.run('init', 'taken')
    assert.equal(code, 1)
    assert.match(err, /README\.md is in .*taken already; nothing was written/)
    assert.deepEqual(filesIn('taken'), ['README.md'])
    assert.equal(read('taken/README.md'), 'mine')
  })

  for (const [what, argv, expected] of [
    ['a name that cannot be one', ['init', 'x'], /"x" cannot name a model and its endpoint/],
    ['a target without data', ['init', 'abc', '--target', 'y'], /--target names a column of --data FILE/],
    ['data without a target', ['init', 'abc', '--data', 'c.csv'], /which column is to be predicted/],
    ['data that are not there', ['init', 'abc', '--data', 'd.csv', '--target', 'y'], /d\.csv is not there/],
    [
      'a target that is misspelt',
      ['init', 'abc', '--data', 'c.csv', '--target', 'chuned'],
      /c\.csv: there is no column chuned\n {2}did you mean churned\?/,
    ],
    [
      'a header with a column twice',
      ['init', 'abc', '--data', 'twice.csv', '--target', 'a'],
      /twice\.csv: the column "a" is in the header twice/,
    ],
    [
      'what is not text',
      ['init', 'abc', '--data', 'binary.csv', '--target', 'a'],
      /binary\.csv is not UTF-8 text/,
    ],
    ['two folders', ['init', 'abc', 'def'], /one folder at a time/],
    ['a CI that there is not', ['init', 'abc', '--ci', 'jenkins'], /jenkins/],
  ] as const)
    test(`refuses ${what}`, async () => {
      shell.write({ 'c.csv': customers, 'twice.csv': 'a,a\n1,2\n', 'binary.csv': '' })
      execFileSync('sh', ['-c', String.raw`printf 'a\n\377\376\n' > binary.csv`], { cwd: shell.folder })
      const { code, err } = await shell.run(...argv)
      assert.notEqual(code, 0)
      assert.match(err, expected)
      assert.deepEqual(globSync('abc/**', { cwd: shell.folder }), [])
    })
})
