import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followPipeline } from './follow.ts'
import type { Screen } from './screen.ts'
import type { CloudEvent } from '../server/event-stream.ts'
import type { Twinloop } from '../server/twinloop.ts'

/** One change of a job's status, as it happens while the demo listens. */
type Change = readonly [job: string, status: string]

/** A server that tells of these changes, one after the other, and a screen that keeps what is written. */
function stage(changes: readonly Change[]) {
  const statuses = new Map([['calm_otter', 'NotStarted']])
  const commands: string[] = []
  const written: string[] = []
  async function* tell(): AsyncGenerator<CloudEvent> {
    for (const [job, status] of changes) {
      statuses.set(job, status)
      const parent = job === 'calm_otter' ? {} : { parentRunId: 'calm_otter' }
      yield { type: 'RunStatusChanged', subject: job, data: { runId: job, runStatus: status, ...parent } }
    }
  }
  const job = (name: string) => ({
    name,
    properties: {
      status: statuses.get(name),
      displayName: name === 'calm_otter' ? 'flight-delay' : name.slice(2),
      properties: name === 's-train' ? { 'azureml.isreused': 'true' } : {},
      inputs: {},
      ...(name === 'calm_otter' ? { jobs: { prepare: {}, train: {} } } : {}),
      ...(statuses.get(name) === 'Failed' ? { error: { message: 'exit code 3' } } : {}),
    },
  })
  const run = {
    run: { info: { start_time: 1000, end_time: 4100 }, data: { metrics: [{ key: 'rows', value: 7 }] } },
  }
  const twinloop = {
    events: async () => tell(),
    get: async (path: string) => (path.startsWith('/api/') ? run : job(path.split('/')[1] ?? '')),
    command: async (noun: string, verb: string) =>
      `${noun} ${verb}` === 'job list' ? '' : 'Traceback: no such column',
    atEnd: async (...words: readonly string[]) => void commands.push(words.join(' ')),
  } as unknown as Twinloop
  const screen: Screen = {
    interactive: false,
    line: (text = '') => void written.push(text),
    done: (title, detail) => void written.push(`${title} ${detail}`),
    heading: (text) => void written.push(text),
    confirm: async () => true,
    live: () => (rows) => void written.push(...rows),
  }
  const follow = () =>
    followPipeline(
      twinloop,
      screen,
      async () => 'calm_otter',
      (step) => `about ${step}`,
    )
  return { follow, written, commands }
}

test('a pipeline that completes returns its runs and leaves a line for each step', async () => {
  const { follow, written } = stage([
    ['s-prepare', 'Running'],
    ['s-prepare', 'Completed'],
    ['s-train', 'Completed'],
    ['calm_otter', 'Completed'],
  ])
  const runs = await follow()
  assert.deepEqual([...runs.keys()], ['prepare', 'train'])
  assert.deepEqual(written, [
    ' ● train         pipeline calm_otter',
    '   ├ ✓ prepare       3.1 s   about prepare',
    '   └ ✓ train        reused   about train',
  ])
})

test('a step that fails is named, with its error and the end of its log', async () => {
  const { follow, written } = stage([
    ['s-prepare', 'Failed'],
    ['calm_otter', 'Failed'],
  ])
  await assert.rejects(follow(), (error: Error) => {
    assert.match(error.message, /^prepare \(s-prepare\) is Failed\. exit code 3\nTraceback: no such column$/)
    return true
  })
  assert.deepEqual(written.slice(1), ['   ├ ✗ prepare       3.1 s   failed', '   └ · train'])
})

test('a stream that ends before the pipeline does is an error, and the pipeline is cancelled', async () => {
  const { follow, commands } = stage([['s-prepare', 'Running']])
  await assert.rejects(follow(), /event stream ended before the pipeline/)
  assert.deepEqual(commands, ['job cancel --name calm_otter'])
})
