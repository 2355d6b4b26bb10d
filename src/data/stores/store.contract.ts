import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { FileChanged, FileExists, FileMissing, filesBelow } from './file-store.ts'
import type { FileStore, ReadableStore } from './file-store.ts'

const content = (text: string) => pieces([text])
async function* pieces(texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}
const textOf = async (store: ReadableStore, path: string, options = {}) =>
  (await buffer(await store.read(path, options))).toString()

/** What every store that is read must do; `path` is that of a file that says `hello, flights`. */
export function readableContract(
  name: string,
  open: () => Promise<{
    readonly store: ReadableStore
    readonly path: string
    readonly missing: ReadableStore
  }>,
): void {
  describe(`reading ${name}`, () => {
    test('says how long a file is and by what its bytes are known', async () => {
      const { store, path } = await open()
      const info = await store.head(path)
      assert.equal(info?.size, 14)
      assert.ok(info.etag)
      assert.equal((await store.head(path))?.etag, info.etag, 'the same bytes have the same etag')
    })

    test('gives a file whole or in part, cut where it ends', async () => {
      const { store, path } = await open()
      assert.equal(await textOf(store, path), 'hello, flights')
      assert.equal(await textOf(store, path, { range: { start: 7 } }), 'flights')
      assert.equal(await textOf(store, path, { range: { start: 0, end: 4 } }), 'hello')
      assert.equal(await textOf(store, path, { range: { start: 7, end: 99 } }), 'flights')
      assert.equal(await textOf(store, path, { range: { start: 14 } }), '')
    })

    test('gives the bytes that were meant, or none', async () => {
      const { store, path } = await open()
      const etag = (await store.head(path))?.etag ?? ''
      assert.equal(await textOf(store, path, { ifMatch: etag }), 'hello, flights')
      await assert.rejects(store.read(path, { ifMatch: 'another' }), FileChanged)
    })

    test('what is not there is said so', async () => {
      const { missing, path } = await open()
      assert.equal(await missing.head(path), undefined)
      await assert.rejects(missing.read(path), FileMissing)
    })

    test('stops when it is told to', async () => {
      const { store, path } = await open()
      const why = new Error('not any more')
      await assert.rejects(
        async () => textOf(store, path, { signal: AbortSignal.abort(why) }),
        (error: Error) => error === why || error.name === 'AbortError',
      )
    })
  })
}

/** What every store that is written must do, too. `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<FileStore>): void {
  readableContract(name, async () => {
    const store = await open()
    await store.write('a/hello.txt', content('hello, flights'))
    return { store, path: 'a/hello.txt', missing: await open() }
  })

  describe(`files in ${name}`, () => {
    test('are written, replaced and removed', async () => {
      const store = await open()
      const first = await store.write('deep/er/a.csv', pieces(['one', ',two']))
      assert.deepEqual([first.path, first.size], ['deep/er/a.csv', 7])
      assert.equal((await store.head('deep/er/a.csv'))?.etag, first.etag)
      const second = await store.write('deep/er/a.csv', content('three'))
      assert.notEqual(second.etag, first.etag)
      assert.equal(await textOf(store, 'deep/er/a.csv'), 'three')
      assert.equal(await store.remove('deep/er/a.csv'), true)
      assert.equal(await store.remove('deep/er/a.csv'), false)
      assert.equal(await store.head('deep/er/a.csv'), undefined)
    })

    test('may be empty, and folders are no files', async () => {
      const store = await open()
      await store.write('folder/empty', pieces([]))
      assert.equal((await store.head('folder/empty'))?.size, 0)
      assert.equal(await textOf(store, 'folder/empty'), '')
      assert.equal(await store.head('folder'), undefined)
    })

    test('are not replaced by who does not want to', async () => {
      const store = await open()
      await store.write('a', content('first'), { ifNoneMatch: '*' })
      await assert.rejects(store.write('a', content('second'), { ifNoneMatch: '*' }), FileExists)
      assert.equal(await textOf(store, 'a'), 'first')
    })

    test('that break off leave what was there', async () => {
      const store = await open()
      await store.write('kept', content('whole'))
      async function* broken() {
        yield Buffer.from('half of it')
        throw new Error('the line went dead')
      }
      await assert.rejects(store.write('kept', broken()), /went dead/)
      await assert.rejects(store.write('new', broken()), /went dead/)
      assert.equal(await textOf(store, 'kept'), 'whole')
      assert.equal(await store.head('new'), undefined)
      assert.deepEqual(
        (await Array.fromAsync(filesBelow(store, ''))).map((f) => f.path),
        ['kept'],
      )
    })

    test('are large, too', async () => {
      const store = await open()
      const block = Buffer.alloc(1024 * 1024, 'x')
      async function* body() {
        for (let i = 0; i < 34; i++) yield block
        yield Buffer.from('end')
      }
      const written = await store.write('large.bin', body())
      assert.equal(written.size, 34 * block.length + 3)
      assert.equal((await store.head('large.bin'))?.size, written.size)
      const tail = await textOf(store, 'large.bin', { range: { start: 34 * block.length - 1 } })
      assert.equal(tail, 'xend')
    })

    test('are listed in the byte order of their paths, page by page', async () => {
      const store = await open()
      const paths = ['a.csv', 'a/1', 'a/2/deep', 'a0', 'b', 'é', 'ｚ']
      for (const path of [...paths].reverse()) await store.write(path, content(path))
      const all: string[] = []
      let after: string | undefined
      do {
        const page = await store.list('', { limit: 3, ...(after === undefined ? {} : { after }) })
        assert.ok(page.files.length <= 3)
        all.push(...page.files.map((f) => f.path))
        after = page.next
      } while (after !== undefined)
      assert.deepEqual(all, paths)
      const below = await Array.fromAsync(filesBelow(store, 'a/'))
      assert.deepEqual(
        below.map(({ path, size }) => [path, size]),
        [
          ['a/1', 3],
          ['a/2/deep', 8],
        ],
      )
      assert.equal(below[0]?.etag, (await store.head('a/1'))?.etag, 'a list says what a look says')
      assert.deepEqual((await store.list('a')).files.length, 4)
      assert.deepEqual((await store.list('nothing/here')).files, [])
    })

    test('have the names that they were given', async () => {
      const store = await open()
      for (const path of ['with space+plus', 'per%20cent', 'q?x=1#y', "quote'd & <b>", 'ünïcødé/ß.csv']) {
        await store.write(path, content(path))
        assert.equal(await textOf(store, path), path)
        assert.equal((await store.head(path))?.path, path)
      }
      assert.equal((await Array.fromAsync(filesBelow(store, ''))).length, 5)
    })
  })
}
