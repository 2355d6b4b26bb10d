import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { errors } from '../../../kernel/errors.ts'
import { FileChanged } from '../file-store.ts'
import type { FileInfo, ReadableStore, ReadOptions } from '../file-store.ts'
import { createFileCache } from './file-cache.ts'

/** A store in memory that counts what is read of it, and whose answers a test can bend. */
function memory(files: Record<string, string>) {
  const reads: { path: string; start: number }[] = []
  let bend: (path: string, text: string, options: ReadOptions) => Readable = (_, text) =>
    Readable.from([Buffer.from(text)])
  const store: ReadableStore = {
    name: "datastore 'raw'",
    identity: 'memory:',
    async head(path) {
      const text = files[path]
      return text === undefined
        ? undefined
        : { path, size: text.length, etag: `v-${text}`, modifiedAt: undefined }
    },
    async read(path, options = {}) {
      const start = options.range?.start ?? 0
      reads.push({ path, start })
      if (options.ifMatch !== undefined && options.ifMatch !== `v-${files[path]}`)
        throw new FileChanged('changed')
      return bend(path, (files[path] ?? '').slice(start), options)
    },
  }
  return {
    store,
    reads,
    files,
    bend: (how: typeof bend) => {
      bend = how
    },
    info: async (path: string) => (await store.head(path)) as FileInfo,
  }
}

/** Gives some of the text, then breaks off. */
const broken = (text: string, after: number) =>
  Readable.from(
    (async function* () {
      yield Buffer.from(text.slice(0, after))
      throw new Error('the line went dead')
    })(),
  )

describe('the cache of remote files', () => {
  let home: string
  let now: number
  const open = (limit = 1000) =>
    createFileCache({ folder: join(home, 'cache'), limit, clock: () => new Date((now += 1000)) })
  const at = (name: string) => join(home, name)
  const kept = () =>
    readdirSync(join(home, 'cache'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
      .length
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'twinloop-'))
    now = 1_780_000_000_000
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  test('fetches a file once, also for those who ask at the same time and after a restart', async () => {
    const raw = memory({ 'a.csv': 'hello' })
    const cache = open()
    const info = await raw.info('a.csv')
    await Promise.all(['1', '2', '3'].map((name) => cache.place(raw.store, info, at(name))))
    await open().place(raw.store, info, at('4'))
    assert.equal(raw.reads.length, 1)
    for (const name of ['1', '2', '3', '4']) {
      assert.equal(readFileSync(at(name), 'utf8'), 'hello')
      assert.equal(statSync(at(name)).mode & 0o777, 0o444)
    }
  })

  test('fetches a file anew when its etag is another, and each time when it has none', async () => {
    const raw = memory({ 'a.csv': 'one' })
    const cache = open()
    await cache.place(raw.store, await raw.info('a.csv'), at('1'))
    raw.files['a.csv'] = 'two'
    await cache.place(raw.store, await raw.info('a.csv'), at('2'))
    assert.equal(readFileSync(at('2'), 'utf8'), 'two')
    const bare = { ...(await raw.info('a.csv')), etag: undefined }
    for (const name of ['3', '4']) await cache.place(raw.store, bare, at(name))
    assert.equal(raw.reads.length, 4)
  })

  test('goes on from where a stream broke off, and gives up on one that brings nothing', async () => {
    const raw = memory({ 'a.csv': 'hello, flights' })
    let times = 0
    raw.bend((_, text) => (times++ < 3 ? broken(text, 4) : Readable.from([Buffer.from(text)])))
    await open().place(raw.store, await raw.info('a.csv'), at('1'))
    assert.equal(readFileSync(at('1'), 'utf8'), 'hello, flights')
    assert.deepEqual(
      raw.reads.map(({ start }) => start),
      [0, 4, 8, 12],
    )
    const dead = memory({ b: 'hello' })
    dead.bend((_, text) => broken(text, 0))
    await assert.rejects(open().place(dead.store, await dead.info('b'), at('2')), {
      message: "'b' in datastore 'raw' could not be read: the connection broke off again and again.",
    })
    assert.equal(kept(), 1, 'nothing half-fetched stays')
  })

  test('says so when a file ends early, has changed, or when the store refuses', async () => {
    const raw = memory({ a: 'hello' })
    const info = await raw.info('a')
    raw.bend(() => Readable.from([]))
    await assert.rejects(open().place(raw.store, info, at('1')), /broke off/)
    raw.files['a'] = 'other'
    await assert.rejects(open().place(raw.store, info, at('1')), /changed while it was read; try again/)
    raw.files['a'] = 'hello'
    raw.bend(() => {
      throw errors.badRequest('refused')
    })
    const before = raw.reads.length
    await assert.rejects(open().place(raw.store, info, at('1')), /refused/)
    assert.equal(raw.reads.length, before + 1, 'a refusal is not asked for again')
    assert.equal(existsSync(at('1')), false)
  })

  test('keeps what was used last within its limit, and takes nothing away from readers', async () => {
    const raw = memory({ a: 'a'.repeat(40), b: 'b'.repeat(40), c: 'c'.repeat(40), big: 'x'.repeat(200) })
    const cache = open(100)
    const place = async (path: string, to: string) => cache.place(raw.store, await raw.info(path), at(to))
    await place('a', 'a1')
    await place('b', 'b1')
    await place('a', 'a2')
    await place('c', 'c1')
    assert.equal(readFileSync(at('b1'), 'utf8'), 'b'.repeat(40))
    await place('a', 'a3')
    assert.equal(raw.reads.length, 3, 'a was used after b, so b went')
    await place('b', 'b2')
    assert.equal(raw.reads.length, 4)
    await place('big', 'big1')
    assert.equal(readFileSync(at('big1')).length, 200)
    const bytes = readdirSync(join(home, 'cache', 'files'), { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .reduce((sum, e) => sum + statSync(join(e.parentPath, e.name)).size, 0)
    assert.ok(bytes <= 100)
  })

  test('an aborted fetch ends at once, and another one that waited for it goes on', async () => {
    const raw = memory({ a: 'hello' })
    const info = await raw.info('a')
    const begun = Promise.withResolvers<void>()
    let first = true
    raw.bend((_, text, { signal }) => {
      if (!first) return Readable.from([Buffer.from(text)])
      first = false
      const hanging = new Readable({ read: () => begun.resolve() })
      signal?.addEventListener('abort', () => hanging.destroy(signal.reason as Error))
      return hanging
    })
    const cache = open()
    const stop = new AbortController()
    const one = cache.place(raw.store, info, at('1'), { signal: stop.signal })
    const two = cache.place(raw.store, info, at('2'))
    await begun.promise
    const why = new Error('not any more')
    stop.abort(why)
    await assert.rejects(one, why)
    await two
    assert.equal(readFileSync(at('2'), 'utf8'), 'hello')
  })

  test('what a killed server left half-fetched is tidied away, and what it kept is still good', async () => {
    const raw = memory({ a: 'hello' })
    await open().place(raw.store, await raw.info('a'), at('1'))
    await mkdir(join(home, 'cache', 'partial'), { recursive: true })
    writeFileSync(join(home, 'cache', 'partial', 'left'), 'half')
    const cache = open()
    await cache.tidy()
    assert.equal(kept(), 1)
    await cache.place(raw.store, await raw.info('a'), at('2'))
    assert.equal(raw.reads.length, 1)
  })
})
