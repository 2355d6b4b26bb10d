import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { decide, storyFolder } from './people.ts'
import { Waits, type Stage } from '../chapters/stage.ts'

/** A stage on which somebody at the terminal says yes or no, and what the approver has decided. */
function stageWith(context: TestContext, approvals: Stage['approvals'], saysYes = true) {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  context.after(() => rmSync(home, { recursive: true }))
  mkdirSync(storyFolder(home))
  writeFileSync(join(storyFolder(home), 'ana.token'), 'hers')
  const decided: string[] = []
  const asked: string[] = []
  const stage = {
    home,
    approvals,
    signal: new AbortController().signal,
    screen: { confirm: async (question: string) => (asked.push(question), saysYes) },
    twinloop: { commandAs: async (...words: string[]) => void decided.push(words.join(' ')) },
  } as unknown as Stage
  return { stage, decided, asked, home }
}

const command = ['release', 'approve', 'flight-delay/1']

test('with --approve it is approved in the name of somebody else', async (context) => {
  const { stage, decided, asked } = stageWith(context, 'given')
  await decide(stage, 'release flight-delay/1', command)
  assert.deepEqual(decided, ['hers release approve flight-delay/1 --comment as the demo has it'])
  assert.deepEqual(asked, [])
})

test('at a terminal whoever sits there is asked, and a no waits', async (context) => {
  const yes = stageWith(context, 'asked for')
  await decide(yes.stage, 'release flight-delay/1', command)
  assert.equal(yes.asked.length, 1)
  assert.equal(yes.decided.length, 1)
  const no = stageWith(context, 'asked for', false)
  await assert.rejects(decide(no.stage, 'release flight-delay/1', command), Waits)
  assert.deepEqual(no.decided, [])
})

test('without a terminal it waits, and says what to type', async (context) => {
  const { stage, decided, home } = stageWith(context, 'waited for')
  await assert.rejects(decide(stage, 'release flight-delay/1', command), (error: Waits) => {
    assert.equal(error.message, 'release flight-delay/1 waits for Ana Silva.')
    assert.equal(
      error.command,
      `TWINLOOP_TOKEN=$(cat ${join(home, 'story', 'ana.token')}) twinloop release approve flight-delay/1`,
    )
    return true
  })
  assert.deepEqual(decided, [])
})
