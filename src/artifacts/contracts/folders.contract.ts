import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { UnsafeName } from '../artifacts.ts'
import { at, put, text, type Open } from './open.ts'

/** What every pairing of bytes and index must do with folders that go in and come out. */
export function foldersContract(name: string, open: Open): void {
  describe(`folders on ${name}`, () => {
    let folders: string
    const folder = async () => {
      folders ??= await mkdtemp(join(tmpdir(), 'twinloop-'))
      return mkdtemp(join(folders, 'f-'))
    }
    after(() => folders && rm(folders, { recursive: true, force: true }))

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
  })
}
