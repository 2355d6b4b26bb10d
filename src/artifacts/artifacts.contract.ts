import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import * as fc from 'fast-check'
import { BlobExists, BlobMissing, DigestMismatch, UnsafeName, type Artifacts } from './artifacts.ts'

/** What every pairing of bytes and index must do. `open` gives empty artifacts that go by this clock. */
export function artifactsContract(name: string, open: (clock?: () => Date) => Promise<Artifacts>): void {
  describe(`artifacts on ${name}`, () => {
    const text = async (artifacts: Artifacts, path: string, range?: { start: number; end?: number }) =>
      (await buffer(await artifacts.read({ container: 'c', path }, range))).toString()
    const at = (path: string) => ({ container: 'c', path })
    const put = (artifacts: Artifacts, path: string, body = path) =>
      artifacts.put(at(path), Buffer.from(body))

    let folders: string
    const folder = async () => {
      folders ??= await mkdtemp(join(tmpdir(), 'twinloop-'))
      return mkdtemp(join(folders, 'f-'))
    }
    after(() => folders && rm(folders, { recursive: true, force: true }))

    test('a blob is what was last put, with its type and metadata', async () => {
      const artifacts = await open()
      const first = await put(artifacts, 'a/b.txt', 'one')
      const second = await artifacts.put(at('a/b.txt'), Buffer.from('two!'), {
        contentType: 'text/plain',
        metadata: { upload_status: 'completed', Ünicode: '✓' },
      })
      assert.notEqual(first.etag, second.etag)
      assert.equal(await text(artifacts, 'a/b.txt'), 'two!')
      assert.equal(await text(artifacts, 'a/b.txt', { start: 1, end: 2 }), 'wo')
      assert.equal(await text(artifacts, 'a/b.txt', { start: 2, end: 99 }), 'o!')
      assert.equal(await text(artifacts, 'a/b.txt', { start: 4 }), '')
      await put(artifacts, 'empty', '')
      assert.equal(await text(artifacts, 'empty'), '')
      const head = await artifacts.head(at('a/b.txt'))
      assert.deepEqual(head, second)
      assert.equal(head?.size, 4)
      assert.equal(head?.contentType, 'text/plain')
      assert.deepEqual(head?.metadata, { upload_status: 'completed', Ünicode: '✓' })
      assert.equal(await artifacts.head({ container: 'other', path: 'a/b.txt' }), undefined)
    })

    test('what is not there is missing', async () => {
      const artifacts = await open()
      assert.equal(await artifacts.head(at('no')), undefined)
      assert.equal(await artifacts.remove(at('no')), false)
      await assert.rejects(artifacts.read(at('no')), BlobMissing)
      await assert.rejects(artifacts.setMetadata(at('no'), {}), BlobMissing)
      await assert.rejects(artifacts.copy(at('no'), at('yes')), BlobMissing)
      await assert.rejects(artifacts.commitBlocks(at('no'), ['AAAA']), BlobMissing)
      assert.equal(await artifacts.head(at('yes')), undefined)
    })

    test('a body that breaks off or does not fit its MD5 changes nothing', async () => {
      const artifacts = await open()
      await put(artifacts, 'x', 'before')
      async function* broken() {
        yield Buffer.from('after')
        throw new Error('cut')
      }
      await assert.rejects(artifacts.put(at('x'), broken()), /cut/)
      await assert.rejects(
        artifacts.put(at('x'), Buffer.from('after'), { md5: '1B2M2Y8AsgTpgAmY7PhCfg==' }),
        DigestMismatch,
      )
      await assert.rejects(artifacts.stageBlock(at('x'), 'AAAA', broken()), /cut/)
      assert.deepEqual(await artifacts.stagedBlocks(at('x')), [])
      assert.equal(await text(artifacts, 'x'), 'before')
    })

    test('ifNoneMatch lets exactly one of many writers in', async () => {
      const artifacts = await open()
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) =>
          artifacts.put(at('race'), Buffer.from(`writer ${i}`), { ifNoneMatch: '*' }),
        ),
      )
      const won = outcomes.flatMap((o, i) => (o.status === 'fulfilled' ? [i] : []))
      assert.equal(won.length, 1)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof BlobExists)
      assert.equal(await text(artifacts, 'race'), `writer ${won[0]}`)
    })

    test('writers of one name at the same time: one of their bodies, whole', async () => {
      const artifacts = await open()
      const bodies = Array.from({ length: 6 }, (_, i) => String(i).repeat(100_000))
      await Promise.all(bodies.map((body) => put(artifacts, 'same', body)))
      assert.ok(bodies.includes(await text(artifacts, 'same')))
    })

    test('names that leave their root, or are no names, are refused', async () => {
      const artifacts = await open()
      const hostile = [
        '',
        '..',
        '../x',
        'a/../b',
        'a/..',
        './a',
        'a/./b',
        'nul\0',
        'x'.repeat(1025),
        '\ud800',
      ]
      for (const path of hostile) {
        await assert.rejects(artifacts.put(at(path), Buffer.from('')), UnsafeName, JSON.stringify(path))
        await assert.rejects(artifacts.stageBlock(at(path), 'AAAA', Buffer.from('')), UnsafeName)
      }
      for (const container of ['', 'a/b', 'a\0'])
        await assert.rejects(artifacts.put({ container, path: 'a' }, Buffer.from('')), UnsafeName)
      for (const odd of [
        '..a',
        'a..b',
        '%2e%2e',
        'a\\..\\b',
        ' ',
        '-rf',
        "'; drop table blobs; --",
        'ü/✓/𝄞',
        '%',
        '_',
      ])
        await put(artifacts, odd)
      assert.equal(await text(artifacts, 'ü/✓/𝄞'), 'ü/✓/𝄞')
    })

    test('metadata changes the etag and not the bytes; a copy is a second name', async () => {
      const artifacts = await open()
      const before = await put(artifacts, 'one')
      const after = await artifacts.setMetadata(at('one'), { name: 'flights', version: '1' })
      assert.notEqual(after.etag, before.etag)
      assert.equal(after.digest, before.digest)
      const copy = await artifacts.copy(at('one'), at('two'))
      assert.deepEqual(copy.metadata, { name: 'flights', version: '1' })
      assert.equal(await artifacts.remove(at('one')), true)
      assert.equal(await text(artifacts, 'two'), 'one')
    })

    test('blocks make a blob in the order of the commit and are then forgotten', async () => {
      const artifacts = await open()
      await artifacts.stageBlock(at('big'), 'QQ==', Buffer.from('world'))
      await artifacts.stageBlock(at('big'), 'Qg==', Buffer.from('hello '))
      await artifacts.stageBlock(at('big'), 'Qw==', Buffer.from('never'))
      await artifacts.stageBlock(at('big'), 'QQ==', Buffer.from('there'))
      assert.equal(await artifacts.head(at('big')), undefined)
      assert.deepEqual(await artifacts.stagedBlocks(at('big')), [
        { id: 'QQ==', size: 5 },
        { id: 'Qg==', size: 6 },
        { id: 'Qw==', size: 5 },
      ])
      await assert.rejects(artifacts.commitBlocks(at('big'), ['Qg==', 'none']), BlobMissing)
      const blob = await artifacts.commitBlocks(at('big'), ['Qg==', 'QQ==', 'QQ=='], {
        contentType: 'text/x',
      })
      assert.equal(blob.size, 16)
      assert.equal(blob.contentType, 'text/x')
      assert.equal(await text(artifacts, 'big'), 'hello therethere')
      assert.deepEqual(await artifacts.commitBlocks(at('big'), ['Qg==', 'QQ==', 'QQ==']), blob)
      await assert.rejects(artifacts.commitBlocks(at('big'), ['Qg==', 'QQ==']), BlobMissing)
      assert.deepEqual(await artifacts.stagedBlocks(at('big')), [])
    })

    test('a listing is in the order of bytes, by prefix, and rolls up what lies deeper', async () => {
      const artifacts = await open()
      for (const path of [
        'b',
        'a/2',
        'a/1',
        'a',
        'a/d/e/f',
        'a/d/g',
        'a-b',
        'a/é',
        'a/𝄞',
        'a/\uffee',
        'A',
        'a_c',
      ])
        await put(artifacts, path)
      await artifacts.put({ container: 'other', path: 'a/9' }, Buffer.from(''))
      const all = await artifacts.list('c', '')
      assert.deepEqual(
        all.blobs.map((b) => b.path),
        ['A', 'a', 'a-b', 'a/1', 'a/2', 'a/d/e/f', 'a/d/g', 'a/é', 'a/\uffee', 'a/𝄞', 'a_c', 'b'],
      )
      const top = await artifacts.list('c', '', { delimiter: '/' })
      assert.deepEqual(
        top.blobs.map((b) => b.path),
        ['A', 'a', 'a-b', 'a_c', 'b'],
      )
      assert.deepEqual(top.prefixes, ['a/'])
      const inA = await artifacts.list('c', 'a/', { delimiter: '/' })
      assert.deepEqual(
        inA.blobs.map((b) => b.path),
        ['a/1', 'a/2', 'a/é', 'a/\uffee', 'a/𝄞'],
      )
      assert.deepEqual(inA.prefixes, ['a/d/'])
      const wild = await artifacts.list('c', 'a_')
      assert.deepEqual(
        wild.blobs.map((b) => b.path),
        ['a_c'],
      )
    })

    test('pages together give the whole listing, whatever their size', async () => {
      const artifacts = await open()
      const segment = fc.constantFrom('a', 'b', 'c-', 'd', 'é', '𝄞')
      const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
      const paths =
        fc.sample(fc.uniqueArray(path, { minLength: 40, maxLength: 60 }), { numRuns: 1, seed: 7 })[0] ?? []
      await Promise.all(paths.map((p) => put(artifacts, p, '')))
      for (const prefix of ['', 'a', 'a/', 'é/'])
        for (const delimiter of [undefined, '/']) {
          const options = delimiter === undefined ? {} : { delimiter }
          const whole = await artifacts.list('c', prefix, options)
          assert.equal(whole.next, undefined)
          const expected = paths.filter((p) => p.startsWith(prefix))
          if (delimiter === undefined) assert.equal(whole.blobs.length, expected.length)
          for (const limit of [1, 2, 3, 7]) {
            const pages = [await artifacts.list('c', prefix, { ...options, limit })]
            for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
              pages.push(await artifacts.list('c', prefix, { ...options, limit, after: next }))
            assert.deepEqual(
              pages.flatMap((p) => p.blobs.map((b) => b.path)),
              whole.blobs.map((b) => b.path),
            )
            assert.deepEqual(
              pages.flatMap((p) => p.prefixes),
              whole.prefixes,
            )
            assert.ok(pages.every((p) => p.blobs.length + p.prefixes.length <= limit))
          }
        }
    })

    test('a container goes with everything that is in it, and nothing else does', async () => {
      const artifacts = await open()
      await put(artifacts, 'a')
      await put(artifacts, 'b')
      await artifacts.put({ container: 'other', path: 'a' }, Buffer.from('a'))
      await artifacts.stageBlock({ container: 'staging', path: 'a' }, 'AAAA', Buffer.from('a'))
      assert.deepEqual(await artifacts.containers(), ['c', 'other', 'staging'])
      assert.equal(await artifacts.removeContainer('c'), 2)
      assert.equal(await artifacts.removeContainer('staging'), 0)
      assert.deepEqual(await artifacts.containers(), ['other'])
    })

    test('a folder goes in and comes out as it was', async () => {
      const artifacts = await open()
      const source = await folder()
      await mkdir(join(source, 'sub/deep'), { recursive: true })
      await writeFile(join(source, 'train.py'), 'print(1)')
      await writeFile(join(source, 'sub/deep/x'), 'xx')
      await symlink('deep/x', join(source, 'sub/link'))
      const stored = await artifacts.storeFolder(source, at('code/1'))
      assert.deepEqual({ files: stored.files, bytes: stored.bytes }, { files: 3, bytes: 12 })
      const again = await artifacts.storeFolder(source, at('elsewhere'))
      assert.equal(again.digest, stored.digest)
      await put(artifacts, 'code/10/other')

      const target = await folder()
      assert.deepEqual(await artifacts.checkout(at('code/1'), target), { files: 3, bytes: 12 })
      assert.equal(await readFile(join(target, 'sub/link'), 'utf8'), 'xx')
      assert.equal((await stat(join(target, 'train.py'))).mode & 0o222, 0)

      const single = await folder()
      assert.deepEqual(await artifacts.checkout(at('code/1/train.py'), single), { files: 1, bytes: 8 })
      assert.equal(await readFile(join(single, 'train.py'), 'utf8'), 'print(1)')
      assert.deepEqual(await artifacts.checkout(at('nothing'), single), { files: 0, bytes: 0 })
      const file = await artifacts.storeFolder(join(source, 'train.py'), at('one-file'))
      assert.equal(file.files, 1)
      assert.equal(await text(artifacts, 'one-file'), 'print(1)')
    })

    test('a folder of many files keeps them apart', async () => {
      const artifacts = await open()
      const source = await folder()
      const names = Array.from({ length: 60 }, (_, i) => `part-${String(i).padStart(3, '0')}`)
      for (const name of names) await writeFile(join(source, name), name)
      assert.equal((await artifacts.storeFolder(source, at('many'))).files, 60)
      assert.deepEqual(
        (await artifacts.list('c', 'many/')).blobs.map((b) => b.path),
        names.map((name) => `many/${name}`),
      )
      for (const name of names) assert.equal(await text(artifacts, `many/${name}`), name)
    })

    test('writing into a laid-out file never changes the stored bytes', async () => {
      const artifacts = await open()
      await put(artifacts, 'data/x.csv', 'original')
      const target = await folder()
      await artifacts.checkout(at('data'), target)
      const file = join(target, 'x.csv')
      // The superuser may write it all the same; then it is a copy. Others are refused.
      await writeFile(file, 'changed').catch((error: NodeJS.ErrnoException) =>
        assert.equal(error.code, 'EACCES'),
      )
      assert.equal(await text(artifacts, 'data/x.csv'), 'original')
    })

    test('links that lead outside, or round, are refused and nothing is stored', async () => {
      const artifacts = await open()
      const outside = await folder()
      await writeFile(join(outside, 'secret'), 'secret')
      for (const [name, target] of [
        ['file', join(outside, 'secret')],
        ['folder', outside],
        ['up', '..'],
        ['circle', '.'],
      ] as const) {
        const source = await folder()
        await writeFile(join(source, 'a'), 'a')
        await symlink(target, join(source, name))
        await assert.rejects(artifacts.storeFolder(source, at(`links/${name}`)), UnsafeName, name)
      }
      assert.deepEqual((await artifacts.list('c', 'links')).blobs, [])
    })

    test('checkout does not follow links out of its folder, nor lay a file over a folder', async () => {
      const artifacts = await open()
      const outside = await folder()
      await put(artifacts, 'p/sub/x', 'x')
      const target = await folder()
      await symlink(outside, join(target, 'sub'))
      await assert.rejects(artifacts.checkout(at('p'), target), UnsafeName)
      await assert.rejects(stat(join(outside, 'x')))

      await put(artifacts, 'q/a', 'a')
      await put(artifacts, 'q/a/b', 'b')
      await assert.rejects(artifacts.checkout(at('q'), await folder()), UnsafeName)
    })

    test(
      'a file that cannot be read leaves nothing stored',
      { skip: process.getuid?.() === 0 && 'root reads all' },
      async () => {
        const artifacts = await open()
        const source = await folder()
        await writeFile(join(source, 'a'), 'a')
        await writeFile(join(source, 'b'), 'b')
        await chmod(join(source, 'b'), 0)
        await assert.rejects(artifacts.storeFolder(source, at('half')), /EACCES/)
        assert.deepEqual((await artifacts.list('c', 'half')).blobs, [])
      },
    )

    const movableClock = () => {
      let now = Date.now()
      return Object.assign(() => new Date(now), { pass: (ms: number) => (now += ms) })
    }

    test('sweep deletes what nothing means any more, and only that', async () => {
      const clock = movableClock()
      const artifacts = await open(clock)
      await put(artifacts, 'kept', 'kept bytes')
      await put(artifacts, 'gone', 'gone bytes')
      await put(artifacts, 'shared', 'kept bytes')
      await artifacts.stageBlock(at('staged'), 'AAAA', Buffer.from('staged bytes'))
      await artifacts.remove(at('gone'))
      await artifacts.remove(at('shared'))
      clock.pass(1000)
      const gone = { files: 1, bytes: 10 }
      const nothing = { files: 0, bytes: 0 }
      assert.deepEqual(await artifacts.sweep(3_600_000), nothing)
      assert.deepEqual(await artifacts.sweepable(3_600_000), { ...nothing, younger: gone })
      assert.deepEqual(await artifacts.sweepable(0), { ...gone, younger: nothing })
      assert.deepEqual(await artifacts.sweep(0), gone)
      assert.deepEqual(await artifacts.sweepable(0), { ...nothing, younger: nothing })
      assert.equal(await text(artifacts, 'kept'), 'kept bytes')
      await artifacts.commitBlocks(at('staged'), ['AAAA'])
      assert.equal(await text(artifacts, 'staged'), 'staged bytes')
    })

    test('sweep leaves alone what is being written, even bytes that it was about to delete', async () => {
      const clock = movableClock()
      const artifacts = await open(clock)
      await put(artifacts, 'old', 'the same bytes')
      await artifacts.remove(at('old'))
      clock.pass(1000)
      const { promise: swept, resolve: goOn } = Promise.withResolvers<void>()
      const { promise: begun, resolve: begins } = Promise.withResolvers<void>()
      async function* body() {
        yield Buffer.from('the same ')
        begins()
        await swept
        yield Buffer.from('bytes')
      }
      const writing = artifacts.put(at('new'), body())
      await begun
      await artifacts.sweep(0)
      goOn()
      await writing
      assert.equal(await text(artifacts, 'new'), 'the same bytes')
    })

    test('blocks that nobody committed within a week are forgotten', async () => {
      const clock = movableClock()
      const artifacts = await open(clock)
      await artifacts.stageBlock(at('staged'), 'AAAA', Buffer.from('staged bytes'))
      clock.pass(6 * 24 * 3_600_000)
      assert.deepEqual(await artifacts.sweep(0), { files: 0, bytes: 0 })
      clock.pass(2 * 24 * 3_600_000)
      assert.deepEqual(await artifacts.sweep(0), { files: 1, bytes: 12 })
    })

    test('sweeps and writers of the same bytes at the same time lose nothing', async () => {
      const clock = movableClock()
      const artifacts = await open(clock)
      for (let round = 0; round < 5; round++) {
        await put(artifacts, 'again', 'contended')
        await artifacts.remove(at('again'))
        clock.pass(1000)
        await Promise.all([artifacts.sweep(0), put(artifacts, 'again', 'contended'), artifacts.sweep(0)])
        assert.equal(await text(artifacts, 'again'), 'contended')
      }
    })
  })
}
