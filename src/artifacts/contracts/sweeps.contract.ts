import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { at, put, text, type Open } from './open.ts'

/** What every pairing of bytes and index must do with bytes that no name means. */
export function sweepsContract(name: string, open: Open): void {
  describe(`sweeps on ${name}`, () => {
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
