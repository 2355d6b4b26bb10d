import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { kindOf, type Kind } from '../kinds.ts'
import { disk } from '../disk.ts'
import type { Problem } from '../problem.ts'
import { parseSource } from '../source.ts'
import { schemaNamed, schemaNames, titleOf } from './files.ts'

const root = join(import.meta.dirname, '../../../..')
const made = new Map<string, Promise<z.ZodType>>()
const taking = (name: string) => {
  const known = made.get(name) ?? schemaNamed(name).then((schema) => z.fromJSONSchema(schema as never))
  made.set(name, known)
  return known
}
const complaints = async (name: string, value: unknown) =>
  (await taking(name))
    .safeParse(value)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('JSON Schemas of files', () => {
  test('there is one for every kind, with references that lead somewhere', async () => {
    for (const name of schemaNames) {
      const schema = await schemaNamed(name)
      assert.equal(schema?.['$schema'], 'http://json-schema.org/draft-07/schema#', name)
      const text = JSON.stringify(schema)
      const definitions = Object.keys(schema?.['definitions'] ?? {})
      for (const [, target = ''] of text.matchAll(/"\$ref":"([^"]*)"/g))
        assert.ok(definitions.includes(target.replace('#/definitions/', '')), `${name}: ${target}`)
    }
  })

  test('names are taken as Azure and people spell them', async () => {
    for (const name of ['commandJob', 'command-job', 'COMMANDJOB', 'managedOnlineEndpoint'])
      assert.ok((await schemaNamed(name)) !== undefined, name)
    assert.equal(await schemaNamed('sweepJob'), undefined)
    assert.equal(titleOf('alert-rule'), 'an alert rule')
  })

  test('examples and what Studio begins with are taken', async () => {
    const wrong: string[] = []
    let seen = 0
    for await (const path of glob('{examples/*,studio/src/pages/make/templates}/*.yml', { cwd: root })) {
      const text = readFileSync(join(root, path), 'utf8')
      const problems: Problem[] = []
      const kind: Kind | undefined = kindOf(parseSource(text, path, '', disk), problems)
      if (kind === undefined) continue
      seen++
      wrong.push(...(await complaints(kind, parse(text))).map((line) => `${path} (${kind}): ${line}`))
    }
    assert.ok(seen > 25, String(seen))
    assert.equal(wrong.join('\n'), '')
  })

  test('what the command line takes in other spellings is taken, and what it refuses is refused', async () => {
    const endpoint = { name: 'e', auth_mode: 'AML-Token', description: null, tags: { a: 1, b: null } }
    assert.deepEqual(await complaints('online-endpoint', endpoint), [])
    assert.notDeepEqual(await complaints('online-endpoint', { ...endpoint, auth_mod: 'key' }), [])
    assert.notDeepEqual(await complaints('online-endpoint', { ...endpoint, auth_mode: 'none' }), [])
    const job = { command: 'python a.py', environment: 'azureml:e:1' }
    assert.deepEqual(
      await complaints('command-job', { ...job, resources: { instance_count: '${{inputs.n}}' } }),
      [],
    )
    assert.notDeepEqual(await complaints('command-job', { command: 'python a.py' }), [])
    const step = { type: 'command', component: 'azureml:c:1', inputs: { a: 1 } }
    assert.deepEqual(await complaints('pipeline-job', { jobs: { a: step, b: job } }), [])
    const compute = { name: 'c', type: 'ComputeInstance', enable_sso: 'yes' }
    assert.deepEqual(await complaints('compute', compute), [])
    const rule = { type: 'alert_rule', when: { metric: 'm', above: '5%' } }
    assert.deepEqual(await complaints('alert-rule', rule), [])
    assert.notDeepEqual(await complaints('alert-rule', { ...rule, whn: {} }), [])
    assert.notDeepEqual(await complaints('alert-rule', { type: 'alert_rule' }), [])
  })
})
