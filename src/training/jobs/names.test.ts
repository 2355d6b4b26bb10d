import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { jobName, newJobName, stepJobName } from './names.ts'

describe('job names', () => {
  it('are readable run ids', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const name = newJobName(() => bytes)
        assert.match(name, /^[a-z]+_[a-z]+_[2-9a-z]{4}$/)
        assert.match(name, jobName)
      }),
    )
  })
  it('hardly ever repeat', () =>
    assert.equal(new Set(Array.from({ length: 500 }, () => newJobName())).size, 500))
  it('of steps are run ids however long their parts are, and differ by attempt', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9][\w-]{0,254}$/)
    fc.assert(
      fc.property(word, word, (pipeline, step) => {
        assert.match(stepJobName(pipeline, step), jobName)
        assert.notEqual(stepJobName(pipeline, step), stepJobName(pipeline, step, 2))
      }),
    )
    assert.equal(stepJobName('plucky_heron_4f2k', 'train.model'), 'plucky_heron_4f2k_train_model')
  })
  it('refuse what is no run id', () => {
    for (const bad of ['', '_a', 'a b', 'a/b', '..', 'a'.repeat(256)]) assert.doesNotMatch(bad, jobName)
  })
})
