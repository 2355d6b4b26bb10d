import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  inhibitionInWords,
  matchersInWords,
  patienceInWords,
  policyOf,
  readLabels,
  whereTo,
} from './routing-words.ts'

const properties = {
  provisioningState: 'Succeeded',
  receivers: [
    { name: 'ops', email: ['ops@example.org'] },
    { name: 'on-call', webhook: ['pager'] },
  ],
  route: {
    receiver: 'ops',
    group_by: ['alertname', 'endpoint'],
    routes: [{ matchers: ['severity="page"', 'team!="x"'], receiver: 'on-call', repeat_interval: '1h' }],
  },
  inhibit_rules: [
    { source_matchers: ['alertname="down"'], target_matchers: ['severity="warning"'], equal: ['endpoint'] },
  ],
}

describe('a routing in words', () => {
  const policy = policyOf(properties)
  test('says who is told of what, and how patiently', () => {
    assert.ok(policy !== undefined)
    const [child] = policy.route.routes
    assert.equal(matchersInWords(child?.matchers ?? []), 'severity="page" and team!="x"')
    assert.equal(matchersInWords([]), 'all alerts')
    assert.equal(
      patienceInWords(policy.route),
      'in groups of the same alertname and endpoint; after 30s, of changes every 5m, again every 4h',
    )
    assert.match(patienceInWords({ ...policy.route, groupBy: 'all' }), /^each alert alone/)
    assert.equal(
      policy.inhibitions.map(inhibitionInWords)[0],
      'alertname="down" keeps quiet severity="warning", where endpoint is the same',
    )
  })

  test('says where an alert would go, with its group', () => {
    assert.ok(policy !== undefined)
    const [paged] = whereTo(policy, { severity: 'page', alertname: 'slow' })
    assert.deepEqual(
      [paged?.receiver, paged?.to, paged?.group],
      ['on-call', ['pager'], { alertname: 'slow' }],
    )
    assert.deepEqual(
      whereTo(policy, { severity: 'info' }).map(({ receiver, to }) => [receiver, to]),
      [['ops', ['ops@example.org']]],
    )
  })

  test('reads labels, and says which line is none', () => {
    assert.deepEqual(readLabels('severity=page\n\nendpoint = "flights"'), {
      labels: { severity: 'page', endpoint: 'flights' },
    })
    assert.match(readLabels('severity').mistake ?? '', /'severity' is no label/)
    assert.equal(policyOf({ receivers: 'nobody' }), undefined)
  })
})
