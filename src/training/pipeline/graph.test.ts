import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { decide, findCycle } from './graph.ts'
import type { Decision, GraphStep, StepState } from './graph.ts'

const diamond: readonly GraphStep[] = [
  { name: 'prep', needs: [] },
  { name: 'left', needs: ['prep'] },
  { name: 'right', needs: ['prep'] },
  { name: 'join', needs: ['left', 'right'] },
]
const states = (s: Readonly<Record<string, StepState>>) => new Map(Object.entries(s))
const stop = { continueOnStepFailure: false }
const go = { continueOnStepFailure: true }

describe('decide', () => {
  type Row = readonly [
    string,
    Readonly<Record<string, StepState>>,
    Parameters<typeof decide>[2],
    Partial<Decision>,
  ]
  const table: readonly Row[] = [
    ['starts what needs nothing', {}, stop, { start: ['prep'] }],
    ['waits for what is active', { prep: 'active' }, stop, {}],
    ['starts all that became ready', { prep: 'completed' }, stop, { start: ['left', 'right'] }],
    ['joins only when both are there', { prep: 'completed', left: 'completed', right: 'active' }, stop, {}],
    [
      'completes',
      { prep: 'completed', left: 'completed', right: 'completed', join: 'completed' },
      stop,
      { outcome: 'completed' },
    ],
    [
      'fails at once when all hangs on it',
      { prep: 'failed' },
      go,
      { skip: ['left', 'right', 'join'], outcome: 'failed' },
    ],
    [
      'goes on with others if told to',
      { prep: 'completed', left: 'failed' },
      go,
      { start: ['right'], skip: ['join'] },
    ],
    [
      'lets others be if told to',
      { prep: 'completed', left: 'failed', right: 'active' },
      go,
      { skip: ['join'] },
    ],
    [
      'starts nothing more if not',
      { prep: 'completed', left: 'failed' },
      stop,
      { skip: ['right', 'join'], outcome: 'failed' },
    ],
    [
      'stops what is active if not',
      { prep: 'completed', left: 'failed', right: 'active' },
      stop,
      { skip: ['join'], cancel: ['right'] },
    ],
    [
      'has failed though others were stopped for it',
      { prep: 'completed', left: 'failed', right: 'canceled' },
      stop,
      { skip: ['join'], outcome: 'failed' },
    ],
    [
      'fails though the rest completed',
      { prep: 'completed', left: 'failed', right: 'completed' },
      go,
      { skip: ['join'], outcome: 'failed' },
    ],
    [
      'starts nothing while cancelled',
      { prep: 'completed', left: 'active' },
      { ...go, canceling: true },
      { skip: ['right', 'join'], cancel: ['left'] },
    ],
    [
      'is cancelled when all is quiet',
      { prep: 'completed', left: 'canceled' },
      { ...go, canceling: true },
      { skip: ['right', 'join'], outcome: 'canceled' },
    ],
    [
      'is cancelled by the only step that was',
      { prep: 'canceled' },
      stop,
      { skip: ['left', 'right', 'join'], outcome: 'canceled' },
    ],
  ]
  const nothing = { start: [], skip: [], cancel: [], outcome: undefined }
  for (const [name, given, policy, expected] of table)
    it(name, () => assert.deepEqual(decide(diamond, states(given), policy), { ...nothing, ...expected }))

  it('completes a pipeline without steps', () =>
    assert.equal(decide([], new Map(), stop).outcome, 'completed'))

  it('runs every acyclic pipeline to its end, each step once and never before what it needs', () => {
    const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { maxLength: 12 }).map((edges) =>
      edges.map((needs, i) => ({
        name: `s${i}`,
        needs: i === 0 ? [] : [...new Set(needs.map((n) => `s${n % i}`))],
      })),
    )
    fc.assert(
      fc.property(graphs, fc.func(fc.boolean()), fc.boolean(), (steps, fails, continueOnStepFailure) => {
        const now = new Map<string, StepState>()
        for (let round = 0; round <= steps.length + 1; round++) {
          const decision = decide(steps, now, { continueOnStepFailure })
          if (decision.outcome !== undefined) {
            assert.equal(decision.outcome, [...now.values()].includes('failed') ? 'failed' : 'completed')
            return
          }
          for (const name of decision.skip) now.set(name, 'skipped')
          for (const name of decision.start) {
            assert.equal(now.get(name), undefined)
            const step = steps.find((s) => s.name === name)
            assert.ok(step?.needs.every((n) => now.get(n) === 'completed'))
            now.set(name, fails(name) ? 'failed' : 'completed')
          }
        }
        assert.fail('the pipeline never ends')
      }),
    )
  })
})

describe('findCycle', () => {
  it('finds none where there is none', () => assert.equal(findCycle(diamond), undefined))
  it('names each step of it, as data would flow', () => {
    const steps = [
      { name: 'a', needs: ['c'] },
      { name: 'b', needs: ['a'] },
      { name: 'c', needs: ['b'] },
    ]
    assert.deepEqual(findCycle(steps), ['a', 'b', 'c', 'a'])
  })
  it('finds a step that takes its own output', () => {
    assert.deepEqual(findCycle([{ name: 'a', needs: ['a'] }]), ['a', 'a'])
  })
})
