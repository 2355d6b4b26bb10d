import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failure.ts'
import { render } from './print.ts'

const jobs = [
  { name: 'a', status: 'Completed', tags: { x: '1' }, steps: [1, 2], archived: false, note: null },
  { name: 'longer', status: 'Failed', tags: {}, steps: [], archived: true, note: 'x y' },
]

for (const { query, output = 'tsv', text } of [
  { query: '[].name', text: 'a\nlonger\n' },
  { query: '[0].name', text: 'a\n' },
  { query: '[].{n:name,s:status}', text: 'a\tCompleted\nlonger\tFailed\n' },
  { query: "[?name=='a'][name]", text: 'a\n' },
  { query: "[?name=='none'][name]", text: '' },
  { query: '[0].missing', text: '' },
  { query: '[0].archived', text: 'false\n' },
  { query: undefined, text: 'a\tCompleted\t\t2\tfalse\tNone\nlonger\tFailed\t\t0\ttrue\tx y\n' },
  { query: 'length(@)', text: '2\n' },
  { query: '[0].name', output: 'json', text: '"a"\n' },
  { query: '[0].{n:name}', output: 'yaml', text: 'n: a\n' },
  { query: undefined, output: 'none', text: '' },
])
  test(`${output} of ${query ?? 'everything'}`, async () => {
    assert.equal(await render(jobs, { query, output }), text)
  })

test('a table is aligned and has the columns that its command declares', async () => {
  const columns = { Name: 'name', Steps: 'length(steps)', Note: 'note' }
  assert.equal(
    await render(jobs, { output: 'table', columns }),
    'Name    Steps  Note\n──────  ─────  ────\na           2\nlonger      0  x y\n',
  )
})

test('a query that is no JMESPath is a usage failure', async () => {
  await assert.rejects(
    render(jobs, { query: '[?name=', output: 'tsv' }),
    (error) => error instanceof Failure && error.exitCode === 2,
  )
})

test('a table leaves out columns that are empty in every row', async () => {
  const rows = [
    { name: 'a', version: '', type: null },
    { name: 'b', version: '2', type: '' },
  ]
  assert.equal(await render(rows, { output: 'table' }), 'Name  Version\n────  ───────\na\nb     2\n')
})

test('a table shows ids as names', async () => {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w'
  const row = { model: `${id}/models/m/versions/3`, compute: `azureml:${id}/computes/c`, plain: 'x' }
  assert.equal((await render([row], { output: 'table' })).split('\n')[2], 'm:3    c        x')
})
