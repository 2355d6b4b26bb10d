import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenOf, toggled, usual } from '../column.ts'
import { readViews, viewOf, viewShown, withView } from './views.ts'

test('a view is what the address says, but for what belongs to the moment', () => {
  assert.deepEqual(
    viewOf({ q: 'a', sort: '-x', peek: 'p', sel: '1,2', base: '1', empty: '', none: undefined }),
    {
      q: 'a',
      sort: '-x',
    },
  )
  const views = withView(withView([], { name: 'b', search: { q: '1' } }), {
    name: 'a',
    search: { q: '2', s: 'x' },
  })
  assert.deepEqual(
    views.map(({ name }) => name),
    ['a', 'b'],
  )
  assert.equal(viewShown(views, { s: 'x', q: '2', peek: 'z' })?.name, 'a')
  assert.equal(viewShown(views, { q: '3' }), undefined)
  assert.deepEqual(withView(views, { name: 'b', search: {} }).at(-1)?.search, {})
})

test('what is kept and is no view is left out', () => {
  assert.deepEqual(readViews('no json'), [])
  assert.deepEqual(readViews('{}'), [])
  assert.deepEqual(readViews('[null, {"name": 1}, {"name": "a", "search": {"q": 2}}]'), [])
  assert.equal(readViews('[{"name": "a", "search": {"q": "2"}}]').length, 1)
})

test('columns are chosen in their own order, the first always, and lost ones are told', () => {
  const columns = [{ id: 'name' }, { id: 'a' }, { id: 'b', extra: true }]
  assert.equal(usual(columns), 'name,a')
  assert.deepEqual(chosenOf(columns, 'b,gone'), {
    shown: [{ id: 'name' }, { id: 'b', extra: true }],
    lost: ['gone'],
  })
  assert.equal(toggled(columns, 'name,b,gone', 'a'), 'name,a,b')
  assert.equal(toggled(columns, 'name,a,b', 'a'), 'name,b')
})
