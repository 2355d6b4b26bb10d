import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defaultPatience, look, type Group, type Loud } from './groups.ts'
import { matchesAll, parseMatcher } from './matchers.ts'
import { inhibitedBy, silencedBy } from './mute.ts'

const matchers = (...texts: string[]) => texts.map(parseMatcher)

describe('matchers', () => {
  test('are read with and without quotes, and match whole values', () => {
    const labels = { severity: 'page', endpoint: 'flight-delay' }
    const cases: [string, boolean][] = [
      ['severity="page"', true],
      ['severity=page', true],
      ['severity!="page"', false],
      ['endpoint=~"flight.*"', true],
      ['endpoint=~"flight"', false],
      ['endpoint!~"flight"', true],
      ['team=""', true],
      ['team!=""', false],
    ]
    for (const [text, expected] of cases) assert.equal(matchesAll(labels, matchers(text)), expected, text)
    assert.deepEqual(parseMatcher('a="say \\"hi\\""'), { label: 'a', operator: '=', value: 'say "hi"' })
  })

  test('what is none is refused', () => {
    assert.throws(() => parseMatcher('severity'), /expected label="value"/)
    assert.throws(() => parseMatcher('a=~"("'), /no regular expression/)
  })
})

describe('what keeps an alert quiet', () => {
  const silence = { name: 's', matchers: matchers('endpoint=a'), from: 10, to: 20 }
  test('a silence, from its beginning and not at its end', () => {
    const at = (now: number) => silencedBy({ endpoint: 'a' }, [silence], now)?.name
    assert.deepEqual([9, 10, 19, 20].map(at), [undefined, 's', 's', undefined])
    assert.equal(silencedBy({ endpoint: 'b' }, [silence], 15), undefined)
  })

  const rule = {
    source: matchers('severity=page'),
    target: matchers('severity=~"page|ticket"'),
    equal: ['endpoint'],
  }
  const page = { severity: 'page', endpoint: 'a' }
  const ticket = { severity: 'ticket', endpoint: 'a' }
  test('another that fires and is alike where it has to be', () => {
    assert.deepEqual(inhibitedBy(ticket, [page], [rule]), page)
    assert.equal(inhibitedBy({ ...ticket, endpoint: 'b' }, [page], [rule]), undefined)
    assert.equal(inhibitedBy(ticket, [], [rule]), undefined)
    const bare = { severity: 'ticket' }
    assert.deepEqual(inhibitedBy(bare, [{ severity: 'page', endpoint: '' }], [rule]), {
      severity: 'page',
      endpoint: '',
    })
  })
  test('but not itself, nor one that is source and target, too', () => {
    assert.equal(inhibitedBy(page, [page], [rule]), undefined)
    assert.equal(inhibitedBy(page, [{ ...page, name: 'other' }], [rule]), undefined)
  })
})

describe('a group of alerts', () => {
  const minute = 60_000
  const patience = { waitMs: 30_000, intervalMs: 5 * minute, repeatMs: 20 * minute }
  /** Looks whenever it said to; answers with minutes and reasons of what was told. */
  const tell = (states: (now: number) => Loud, untilMs: number) => {
    let group: Group = { createdAt: 0 }
    const told: [number, string][] = []
    for (let now = 0; now <= untilMs;) {
      const next = look(group, states(now), patience, now)
      if (next.tell) told.push([now / minute, next.because])
      ;({ group } = next)
      now = next.again
    }
    return told
  }

  test('waits for others, tells of what comes and goes in its rhythm, and repeats itself', () => {
    const told = tell(
      (now) => ({
        firing: now > 42 * minute ? [] : now < minute ? ['a'] : ['a', 'b'],
        resolved: now > 42 * minute ? ['a', 'b'] : [],
      }),
      70 * minute,
    )
    assert.deepEqual(told, [
      [0.5, 'first'],
      [5.5, 'more firing'],
      [25.5, 'repeated'],
      [45.5, 'resolved'],
    ])
  })

  test('what is over or kept quiet before it was told is not told', () => {
    assert.deepEqual(
      tell((now) => ({ firing: [], resolved: now > 0 ? ['a'] : [] }), 30 * minute),
      [],
    )
  })

  test('one of several that is resolved is told of once', () => {
    const told = tell(
      (now) => (now < minute ? { firing: ['a', 'b'], resolved: [] } : { firing: ['b'], resolved: ['a'] }),
      18 * minute,
    )
    assert.deepEqual(told, [
      [0.5, 'first'],
      [5.5, 'resolved'],
    ])
  })

  test("patience is Alertmanager's where nothing is said", () => {
    assert.deepEqual(defaultPatience, { waitMs: 30_000, intervalMs: 300_000, repeatMs: 14_400_000 })
  })
})
