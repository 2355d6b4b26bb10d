import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOneLook } from './in-one-look.ts'

test('computes together what is not kept, whenever it is known that it is not', async () => {
  const asked: (readonly string[])[] = []
  const keep = async (name: string, compute: () => Promise<string>) => {
    for (let i = 0; i < name.length; i++) await Promise.resolve()
    return name.startsWith('kept') ? name : compute()
  }
  const computeAll = async (names: readonly string[]) => {
    asked.push(names)
    return names.map((name) => name.toUpperCase())
  }
  const names = ['a', 'kept for long', 'bbb', 'kept']
  assert.deepEqual(await inOneLook(names, keep, computeAll), ['A', 'kept for long', 'BBB', 'kept'])
  assert.deepEqual(asked, [['a', 'bbb']])
  assert.deepEqual(await inOneLook(['kept'], keep, computeAll), ['kept'])
  assert.deepEqual(await inOneLook([], keep, computeAll), [])
  assert.equal(asked.length, 1)
})

test('fails as what is computed fails, or as what keeps it does', async () => {
  const failing = () => Promise.reject(new Error('no rows'))
  await assert.rejects(
    inOneLook(['a', 'b'], (_, compute: () => Promise<string>) => compute(), failing),
    /no rows/,
  )
  const keep = (name: string, compute: () => Promise<string>) =>
    name === 'a' ? Promise.reject(new Error('no disk')) : compute()
  await assert.rejects(
    inOneLook(['a', 'b'], keep, async (names) => names),
    /no disk/,
  )
})
