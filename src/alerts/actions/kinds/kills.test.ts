import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { rooms } from '../../../rooms.ts'
import { openAlertLab, type AlertLab } from '../../testing/lab.ts'
import { Killed, mortal } from '../../testing/mortal.ts'
import { actions } from '../actions.ts'
import { createActionReconciler } from '../execution/reconcile.ts'
import { asAction, hasEnded, incidentActionsType } from '../incident-action.ts'
import { planActions, type FiringRule } from '../planning/plan.ts'
import { storiesOf, type Stories, type Story } from '../testing/stories.ts'

const firing = { labels: {}, value: 0.61, summary: 'roc_auc 0.61 < 0.68' }
const signal = new AbortController().signal

describe('a server that is killed while it does what an alert says', () => {
  let lab: AlertLab
  let t: Stories
  let worlds = 0

  before(async () => {
    lab = await openAlertLab()
    await rooms.find(({ name }) => name === 'data')?.start?.(lab.platform)
    t = await storiesOf(lab)
  })
  after(async () => {
    await lab.end()
    await t.end()
  })

  /** A rule fires that says what the story is of. */
  async function fire(n: number, { kind, parameters, afterwards }: Story) {
    const firedAt = lab.platform.clock()
    const action = { kind, parameters, ...(afterwards && { afterwards }) } as FiringRule['actions'][number]
    const rule: FiringRule = {
      id: `${lab.workspace}/providers/Twinloop/alertRules/slow${n}`,
      name: 'slow',
      severity: 'page',
      annotations: {},
      owner: lab.actor,
      coolDownMs: 0,
      actions: [action],
    }
    const times = { firing: `${n}`, firedAt: firedAt.toISOString() }
    const { resource } = await lab.platform.resources.put(
      lab.platform.identity('alerts'),
      `${lab.workspace}/providers/Twinloop/incidents/${n}`,
      { properties: { rule: 'slow', ruleId: rule.id, labels: {}, ...times } },
      { along: { status: { state: 'Firing', severity: 'page', annotations: {}, ...firing, timeline: [] } } },
    )
    const plan = async (on: Platform) =>
      planActions(on, await lab.platform.resources.get(resource.id), rule, { ...firing, firedAt })
    return { incident: resource, plan }
  }

  const actionOf = async ({ id }: Pick<Resource, 'id'>, phase: string) =>
    (await lab.platform.resources.list({ type: incidentActionsType, parent: id }))
      .map(asAction)
      .find(({ properties }) => properties.phase === phase)

  /** Takes steps until this phase of the action has ended and has nothing more to tell. */
  async function reach(platform: Platform, incident: Resource, phase: string, story: Story): Promise<void> {
    const reconciler = createActionReconciler()
    for (let steps = 0; steps < 60; steps++) {
      const action = (await actionOf(incident, phase)) ?? (await actionOf(incident, 'firing'))
      if (action === undefined) break
      await reconciler.reconcile(action, { platform, signal })
      if (hasEnded(action.status) && action.properties.phase === phase) return
      await story.others?.(incident.id)
      const pause = Date.parse((await actionOf(incident, phase))?.status.nextAttemptAt ?? '')
      const now = lab.platform.clock().getTime()
      if (pause > now) lab.pass((pause - now) / 1000)
    }
    assert.fail(`${story.kind} never ends: ${JSON.stringify((await actionOf(incident, phase))?.status)}`)
  }

  /**
   * Has a story told by servers of which `lives` says what becomes of each: the alert fires, and is over. Answers what is
   * seen in the end, how often its ends were told, and how many servers died.
   */
  async function tell(name: string, lives: (life: number) => Platform = () => lab.platform) {
    const n = ++worlds
    // So many begin in no minute.
    lab.pass(120)
    const story = (await t.stories[name]?.(n)) as Story
    const { incident, plan } = await fire(n, story)
    const resolves = actions.find(({ name: kind }) => kind === story.kind)?.resolve !== undefined
    let deaths = 0
    for (; deaths < 60; deaths++) {
      const platform = lives(deaths)
      try {
        await plan(platform)
        await reach(platform, incident, 'firing', story)
        if (!resolves) break
        await lab.platform.resources.setStatus(incident.id, { state: 'Resolved' })
        await reach(platform, incident, 'resolved', story)
        break
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        // The next server comes a moment later; whoever else was asked goes on meanwhile.
        lab.pass(1)
        await story.others?.(incident.id)
      }
    }
    const ended = [await actionOf(incident, 'firing'), await actionOf(incident, 'resolved')]
    const said = ended.flatMap((action) => action?.status.reason ?? [])
    assert.equal(said.length, story.says.length, said.join('; '))
    for (const [i, wanted] of story.says.entries()) assert.match(said[i] ?? '', wanted)
    const { timeline } = (await lab.platform.resources.get(incident.id)).status as unknown as {
      readonly timeline: readonly { readonly what: string }[]
    }
    const told = timeline.filter(({ what }) => said.some((end) => what.endsWith(`: ${end}`))).length
    return { story, deaths, outcome: { told, seen: await story.seen(incident.id) } }
  }

  test('does everything that an alert may say once, at whichever commit it dies', async (context) => {
    const told = new Set<string>()
    for (const name of Object.keys(t.stories))
      await context.test(name, async () => {
        const { story, outcome: usual } = await tell(name)
        told.add(story.kind)
        // What is done beside the store is there when it dies before the next commit, and not yet when it dies after the last.
        const whens = story.actsOutside === true ? (['before', 'after'] as const) : (['before'] as const)
        for (const when of story.isSlow === true ? [] : whens)
          for (let [at, deaths] = [1, 1]; deaths > 0; at++) {
            const dies = mortal(lab.platform, { at, when })
            const then = await tell(name, (life) => (life === 0 ? dies : lab.platform))
            assert.deepEqual(then.outcome, usual, `killed ${when} commit ${at}`)
            ;({ deaths } = then)
            assert.ok(deaths > 0 || at > 4, `there were ${at - 1} commits`)
          }
        // No server lives long: each comes to its third commit, some of which say what was said already.
        const { deaths, outcome } = await tell(name, () => mortal(lab.platform, { at: 3, when: 'after' }))
        assert.deepEqual(outcome, usual, `${deaths} servers died in turn`)
      })
    assert.deepEqual([...told].toSorted(), actions.map(({ name }) => name).toSorted())
  })

  for (const name of ['development_task', 'propose_change'])
    test(`does a ${name} once, whichever answer of the host is lost`, async () => {
      t.host.deafAt(undefined)
      const { outcome: usual } = await tell(name)
      for (let at = 1, all = t.host.calls(); at <= all; at++) {
        t.host.deafAt(at)
        const { outcome } = await tell(name)
        assert.deepEqual(outcome.seen, usual.seen, `answer ${at} of ${all} was lost`)
      }
    })
})
