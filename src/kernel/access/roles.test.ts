import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { builtInRoles, roleAllows } from './roles.ts'

const role = (actions: readonly string[], notActions: readonly string[] = []) => ({
  id: '',
  name: '',
  description: '',
  actions,
  notActions,
})
const built = (name: string) => builtInRoles.find((r) => r.name === name) ?? assert.fail(name)
const ml = (operation: string) => `Microsoft.MachineLearningServices/${operation}`

describe('roles', () => {
  test('a wildcard stands for anything between, in any case', () => {
    const cases = [
      ['*', 'a/b/read', true],
      ['*/read', 'A/B/READ', true],
      ['*/read', 'a/b/write', false],
      ['a/*/read', 'a/b/c/read', true],
      ['a/*/read', 'a/read', false],
      ['a/b', 'a/b/c', false],
      ['a/b', 'a/b', true],
      ['a*a', 'a', false],
      ['a*a', 'aa', true],
      ['a/*/b/*', 'a/x/b/y', true],
      ['a/*/b/*', 'a/b/y', false],
      ['a.b/read', 'axb/read', false],
    ] as const
    for (const [pattern, operation, allowed] of cases)
      assert.equal(roleAllows(role([pattern]), operation), allowed, `${pattern} ${operation}`)
  })

  test('agrees with the pattern written as a regular expression', () => {
    const part = fc.constantFrom('a', 'b', '/', '*', 'read')
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.array(fc.constantFrom('a', 'b', '/', 'read'), { maxLength: 8 }),
        (pattern, operation) => {
          const expression = new RegExp(`^${pattern.join('').replaceAll('*', '.*')}$`)
          assert.equal(
            roleAllows(role([pattern.join('')]), operation.join('')),
            expression.test(operation.join('')),
          )
        },
      ),
    )
  })

  test('what is excepted is not allowed, whatever else is', () => {
    assert.equal(roleAllows(role(['*'], ['*/delete']), 'a/delete'), false)
    assert.equal(roleAllows(role([], []), 'a/read'), false)
  })

  test('Azure’s roles allow what Azure says', () => {
    const cases = [
      ['Owner', 'Microsoft.Authorization/roleAssignments/write', true],
      ['Contributor', 'Microsoft.Authorization/roleAssignments/write', false],
      ['Contributor', 'Microsoft.Authorization/roleAssignments/read', true],
      ['Contributor', ml('workspaces/delete'), true],
      ['Reader', ml('workspaces/jobs/read'), true],
      ['Reader', ml('workspaces/jobs/write'), false],
      ['Reader', ml('workspaces/onlineEndpoints/listKeys/action'), false],
      ['AzureML Data Scientist', ml('workspaces/jobs/write'), true],
      ['AzureML Data Scientist', ml('workspaces/computes/write'), false],
      ['AzureML Data Scientist', ml('workspaces/computes/read'), true],
      ['AzureML Data Scientist', ml('workspaces/write'), false],
      ['AzureML Data Scientist', ml('workspaces/read'), true],
      ['AzureML Data Scientist', 'Microsoft.Authorization/roleAssignments/write', false],
      ['AzureML Compute Operator', ml('workspaces/computes/start/action'), true],
      ['AzureML Compute Operator', ml('workspaces/jobs/write'), false],
    ] as const
    for (const [name, operation, allowed] of cases)
      assert.equal(roleAllows(built(name), operation), allowed, `${name}: ${operation}`)
  })
})
