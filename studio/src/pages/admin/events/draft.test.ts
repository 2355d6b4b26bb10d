import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubscriptionProperties } from '../../../api/admin/platform.ts'
import { draftOf, freshSecret, lacking, propertiesOf } from './draft.ts'

const there: SubscriptionProperties = {
  state: 'active',
  destination: {
    endpointType: 'WebHook',
    properties: { endpointBaseUrl: 'https://ops.example.org/hook', validate: true, maxEventsPerBatch: 10 },
  },
  filter: { includedEventTypes: ['Twinloop.IncidentOpened'], advancedFilters: [{ key: 'data.rule' }] },
  retryPolicy: { maxDeliveryAttempts: 5 },
}

test('a new subscription says where, how signed and of what', () => {
  const draft = {
    ...draftOf('ops'),
    url: 'https://ops.example.org/hook?code=1',
    secret: 'whsec_12345678',
    types: ['Twinloop.IncidentOpened'],
  }
  assert.equal(lacking(draft), undefined)
  assert.deepEqual(propertiesOf(draft), {
    destination: {
      endpointType: 'WebHook',
      properties: {
        endpointUrl: 'https://ops.example.org/hook?code=1',
        secret: 'whsec_12345678',
        validate: false,
      },
    },
    filter: { includedEventTypes: ['Twinloop.IncidentOpened'], subjectBeginsWith: null },
  })
})

test('a changed one keeps what the form says nothing of, and what is secret', () => {
  const draft = { ...draftOf('ops', there), subject: 'jobs/' }
  assert.equal(lacking(draft, there), undefined)
  assert.deepEqual(propertiesOf(draft, there), {
    retryPolicy: { maxDeliveryAttempts: 5 },
    destination: {
      endpointType: 'WebHook',
      properties: { endpointBaseUrl: 'https://ops.example.org/hook', validate: true, maxEventsPerBatch: 10 },
    },
    filter: {
      includedEventTypes: ['Twinloop.IncidentOpened'],
      advancedFilters: [{ key: 'data.rule' }],
      subjectBeginsWith: 'jobs/',
    },
  })
})

test('told elsewhere, nothing of the place before stays', () => {
  const draft = { ...draftOf('ops', there), to: 'Connection' as const, connection: 'chat' }
  assert.deepEqual(propertiesOf(draft, there).destination, {
    endpointType: 'Connection',
    properties: { connection: 'chat' },
  })
})

test('what is lacking is told', () => {
  assert.match(lacking(draftOf('x')) ?? '', /3 to 64/)
  assert.match(lacking(draftOf('ops')) ?? '', /begins with/)
  assert.match(lacking({ ...draftOf('ops'), url: 'ftp://x' }) ?? '', /begins with/)
  assert.match(lacking({ ...draftOf('ops'), url: 'https://x', secret: 'short' }) ?? '', /8 characters/)
  assert.match(lacking({ ...draftOf('ops'), to: 'Connection' }) ?? '', /Which connection/)
})

test('a fresh secret is what Standard Webhooks has', () => {
  assert.equal(freshSecret(new Uint8Array([1, 2, 3])), 'whsec_AQID')
})
