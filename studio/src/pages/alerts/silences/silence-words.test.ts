import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { IncidentSummary } from '../../../api/incidents.ts'
import {
  freshName,
  lacking,
  matchersFor,
  matching,
  propertiesOf,
  readLines,
  type SilenceDraft,
} from './silence-words.ts'

const draft: SilenceDraft = {
  name: 'a',
  matchers: 'alertname="slow"\n\nendpoint=~"fl.*"',
  begins: 'now',
  at: '',
  cron: '0 2 * * SUN',
  lasts: '2h',
  timeZone: 'Europe/Berlin',
  reason: 'the schema changes',
}

describe('a silence as it is written', () => {
  test('is sent in the words of the API', () => {
    const matchers = ['alertname="slow"', 'endpoint=~"fl.*"']
    assert.deepEqual(propertiesOf(draft), { matchers, for: '2h', reason: 'the schema changes' })
    assert.deepEqual(propertiesOf({ ...draft, begins: 'again' }), {
      matchers,
      for: '2h',
      reason: 'the schema changes',
      from: '0 2 * * SUN',
      time_zone: 'Europe/Berlin',
    })
    const later = propertiesOf({ ...draft, begins: 'at', at: '2026-11-30T06:00' })
    assert.equal(later.from, new Date('2026-11-30T06:00').toISOString())
  })

  test('says what is missing', () => {
    assert.equal(lacking(draft), undefined)
    assert.match(lacking({ ...draft, matchers: '' }) ?? '', /which alerts/)
    assert.match(lacking({ ...draft, matchers: 'endpoint' }) ?? '', /no matcher/)
    assert.match(lacking({ ...draft, matchers: 'endpoint=~"("' }) ?? '', /regular expression/)
    assert.match(lacking({ ...draft, lasts: 'long' }) ?? '', /how long/)
    assert.match(lacking({ ...draft, begins: 'at' }) ?? '', /begins/)
    assert.match(lacking({ ...draft, reason: ' ' }) ?? '', /why/)
  })

  test('means those that fire and match, and without a matcher none', () => {
    const one = (name: string, labels: Record<string, string>, state = 'Firing') =>
      ({ name, labels, state }) as unknown as IncidentSummary
    const all = [
      one('1', { alertname: 'slow', endpoint: 'flights' }),
      one('2', { alertname: 'slow', endpoint: 'taxis' }),
      one('3', { alertname: 'slow', endpoint: 'flights' }, 'Resolved'),
    ]
    const names = (text: string) => matching(all, readLines(text).matchers).map(({ name }) => name)
    assert.deepEqual([names(draft.matchers), names(''), names('endpoint!="flights"')], [['1'], [], ['2']])
  })

  test('begins with the labels of an alert, and a name of its own', () => {
    assert.deepEqual(matchersFor({ endpoint: 'a "b"', severity: 'page', alertname: 'slow' }), [
      'alertname="slow"',
      'endpoint="a \\"b\\""',
    ])
    assert.equal(freshName('Flight delay!', new Date('2026-11-23T10:00:01Z')), 'flight-delay-20261123100001')
    assert.equal(freshName('', new Date('2026-11-23T10:00:01Z')), 'silence-20261123100001')
  })
})
