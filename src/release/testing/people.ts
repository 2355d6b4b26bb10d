import assert from 'node:assert/strict'
import type { TestApp } from '../../testing/app.ts'
import type { ReleaseState } from '../releases/release.ts'

/** Somebody who signs in with a token of their own. */
export interface TestPerson {
  readonly name: string
  readonly id: string
  readonly as: { readonly authorization: string }
}

/** What tests of approvals do to a server, each step answered or failed. */
export function approvals(t: () => TestApp) {
  let assignments = 0
  const ok = async (method: string, path: string, body?: unknown, as?: TestPerson['as']) => {
    const answer = await t().send(method, path, body, as)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const planId = (name: string) => `${t().workspace}/providers/Twinloop/releasePlans/${name}`
  const releaseId = (label: string) => planId(label.replace('/', '/releases/'))
  const sign = async (path: string) => {
    const { secretText } = await ok('POST', `${path}/addPassword`, {})
    return { authorization: `Bearer ${secretText}` }
  }
  const helpers = {
    ok,
    planId,
    releaseId,
    workspace: (name: string) => t().workspace.replace(/[^/]+$/, name),

    /** Gives a role; its assignment's id, so that it can be taken again. */
    async give(person: { readonly id: string }, role: string, scope = t().workspace): Promise<string> {
      const name = `44444444-0000-0000-0000-${String(++assignments).padStart(12, '0')}`
      const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`
      await ok('PUT', id, { properties: { roleDefinitionId: role, principalId: person.id } })
      return id
    },

    async person(name: string, role?: string, properties: Record<string, unknown> = {}): Promise<TestPerson> {
      const at = `/providers/Twinloop/users/${name}`
      const { properties: made } = await ok('PUT', at, {
        properties: { mail: `${name}@example.org`, ...properties },
      })
      const person = { name, id: String(made.principalId), as: await sign(at) }
      if (role !== undefined) await helpers.give(person, role)
      return person
    },

    async program(name: string, role?: string, by?: TestPerson): Promise<TestPerson> {
      const at = `/providers/Twinloop/servicePrincipals/${name}`
      const { properties: made } = await ok('PUT', at, { properties: {} }, by?.as)
      const program = { name, id: String(made.principalId), as: await sign(at) }
      if (role !== undefined) await helpers.give(program, role)
      return program
    },

    /** Registers a version whose files are one small blob. */
    async register(model: string, version: string, by?: TestPerson) {
      const { platform } = t().app
      const workspace = await platform.resources.get(t().workspace)
      const path = `LocalUpload/${model}-${version}/model.txt`
      await platform.artifacts.put(
        { container: `${String(workspace.status['workspaceId'])}-blobstore`, path },
        Buffer.from(`model ${version}`),
      )
      const properties = { modelUri: `azureml://datastores/workspaceblobstore/paths/${path}` }
      await ok('PUT', `${t().workspace}/models/${model}/versions/${version}`, { properties }, by?.as)
    },

    /** A plan of one stage with this approval, and a release of it that waits; its label. */
    async waiting(
      name: string,
      approval: Record<string, unknown>,
      options: {
        readonly by?: TestPerson
        readonly gates?: readonly unknown[]
        readonly start?: object
      } = {},
    ): Promise<string> {
      await ok('PUT', planId(name), {
        properties: {
          model: name,
          start: options.start ?? { on: ['model_registered'] },
          stages: [
            {
              name: 'production',
              ...(options.gates === undefined ? {} : { gates: options.gates }),
              approval,
            },
          ],
        },
      })
      await helpers.register(name, '1', options.by)
      await helpers.until(`${name}/1`, (s) => s.state === 'waiting')
      return `${name}/1`
    },

    until: async (label: string, done: (state: ReleaseState) => boolean): Promise<ReleaseState> =>
      (await t().until(
        releaseId(label),
        (p) => p['state'] !== undefined && done(p as ReleaseState),
      )) as ReleaseState,

    decide: (person: TestPerson, label: string, verdict: 'approve' | 'refuse', body: object = {}) =>
      t().send('POST', `${releaseId(label)}/${verdict}`, body, person.as),
  }
  return helpers
}
