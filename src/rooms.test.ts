import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isQuestion } from './kernel/resources/resource.ts'
import { definitions } from './rooms.ts'
import { startTestApp } from './testing/app.ts'

/**
 * Actions that change something, hand out a secret or show rows of people: who did so is kept. A new one is told apart here
 * from questions.
 */
const recorded: Readonly<Record<string, readonly string[]>> = {
  computes: ['restart', 'start', 'stop'],
  connections: ['listSecrets'],
  servicePrincipals: ['addPassword', 'removePassword'],
  users: ['addPassword', 'createSignInLink', 'removePassword'],
  notices: ['resend'],
  eventSubscriptions: ['getFullUrl', 'pause', 'replay', 'resume', 'test'],
  'eventSubscriptions/deadLetters': ['resend'],
  datastores: ['check', 'listSecrets'],
  'data/versions': ['startPendingUpload'],
  'codes/versions': ['startPendingUpload'],
  dataImports: ['cancel'],
  dataExports: ['cancel'],
  registries: ['import'],
  models: ['deleteAlias', 'setAlias'],
  'models/versions': ['startPendingUpload'],
  jobs: ['cancel', 'rerun'],
  schedules: ['backfill', 'trigger'],
  onlineEndpoints: ['labels', 'listKeys', 'regenerateKeys', 'score', 'token'],
  batchEndpoints: ['invoke'],
  releasePlans: ['rollback', 'start'],
  'releasePlans/releases': [
    'abort',
    'approve',
    'cancel',
    'pause',
    'promote',
    'refuse',
    'resume',
    'retry',
    'rollback',
    'waive',
  ],
  monitorRuns: ['cancel', 'retry', 'rows'],
  incidents: ['acknowledge', 'comment', 'silence'],
  silences: ['expire'],
  'incidents/actions': ['approve', 'refuse', 'retry'],
  changeProposals: ['approve', 'refuse'],
}

test('every action is either a question, or recorded', () => {
  const deeds = Map.groupBy(
    definitions.flatMap(({ type, actions = {} }) =>
      Object.entries(actions)
        .filter(([, action]) => !isQuestion(action))
        .map(([name]) => ({ type: type.replace(/^(?:workspaces|registries)\//, ''), name })),
    ),
    ({ type }) => type,
  )
  assert.deepEqual(
    Object.fromEntries(
      [...deeds].map(([type, found]) => [type, [...new Set(found.map(({ name }) => name))].toSorted()]),
    ),
    recorded,
  )
})

test('what was asked leaves no line in the audit log, and what was done does', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const rule = `${t.workspace}/providers/Twinloop/alertRules/slow`
  const properties = { when: { metric: 'latency_seconds', above: 1 } }
  for (const [method, path, body] of [
    ['PUT', rule, { properties }],
    ['POST', `${rule}/test`, { properties, days: 1 }],
    ['POST', `${rule}/budgets`, {}],
    ['POST', `${t.workspace}/checkDocument`, { grammar: 'alertRule', document: properties }],
    ['POST', `${t.workspace}/incidentSummaries`, {}],
    ['POST', `${t.workspace}/datastores/workspaceblobstore/listSecrets`, {}],
  ] as const) {
    const { status, body: answer } = await t.send(method, path, body)
    assert.ok(status < 300, `${path}: ${JSON.stringify(answer)}`)
  }
  const { body } = await t.send('GET', `${t.workspace}/providers/Twinloop/audit`)
  const actors = (body.value as readonly { readonly detail: string; readonly operation: string }[])
    .filter(({ operation }) => /alertRules|action$|read$/.test(operation))
    .map(({ operation }) => operation.split('/').slice(1).join('/'))
  assert.deepEqual(actors, ['workspaces/datastores/listSecrets/action', 'alertRules/write'])
})
