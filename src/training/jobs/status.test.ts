import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hasEnded, jobStatuses, mayGo } from './status.ts'

describe('job states', () => {
  it('that have ended lead nowhere, all others to an end', () => {
    for (const from of jobStatuses) {
      const to = jobStatuses.filter((s) => mayGo(from, s))
      assert.equal(hasEnded(from), to.length === 0)
      if (!hasEnded(from)) assert.ok(to.some(hasEnded), `${from} never ends`)
    }
  })
  it('can be cancelled until it has ended', () => {
    for (const from of ['NotStarted', 'Queued', 'Preparing', 'Running', 'Finalizing'] as const)
      assert.ok(mayGo(from, 'CancelRequested'))
    assert.ok(!mayGo('Completed', 'CancelRequested'))
    assert.ok(!mayGo('CancelRequested', 'Running'))
    assert.ok(!mayGo('CancelRequested', 'Completed'))
  })
})
