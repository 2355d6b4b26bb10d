import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { BlobExists, BlobMissing, DigestMismatch, UnsafeName } from '../artifacts.ts'
import { at, put, text, type Open } from './open.ts'

/** What every pairing of bytes and index must do with blobs. */
export function blobsContract(name: string, open: Open): void {
  describe(`blobs on ${name}`, () => {
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
  })
}
