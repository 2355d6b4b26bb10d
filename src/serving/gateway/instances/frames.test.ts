import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import { encodeFrame, frameReader } from './frames.ts'

test('frames come out as they went in, however the bytes are cut', () => {
  const messages = fc.array(
    fc.tuple(fc.dictionary(fc.string(), fc.string()), fc.uint8Array({ maxLength: 40 })),
  )
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 30 }), (messages, cut) => {
      const bytes = Buffer.concat(messages.flatMap(([meta, body]) => encodeFrame(meta, Buffer.from(body))))
      const got: [unknown, number[]][] = []
      const read = frameReader(({ meta, body }) => got.push([JSON.parse(meta.toString()), [...body]]))
      for (let i = 0; i < bytes.length; i += cut) read(bytes.subarray(i, i + cut))
      assert.deepEqual(
        got,
        messages.map(([meta, body]) => [JSON.parse(JSON.stringify(meta)), [...body]]),
      )
    }),
  )
})

test('a goodbye is an empty frame', () => {
  const got: number[] = []
  frameReader(({ meta, body }) => got.push(meta.length + body.length))(Buffer.alloc(8))
  assert.deepEqual(got, [0])
})
