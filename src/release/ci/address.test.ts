import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressOf, hostKindOf, isSame } from './address.ts'

describe('the address of a repository', () => {
  for (const [text, host, path] of [
    ['https://github.com/Acme/flights', 'github.com', 'Acme/flights'],
    ['https://github.com/Acme/flights.git/', 'github.com', 'Acme/flights'],
    ['https://user:token@github.com/Acme/flights.git', 'github.com', 'Acme/flights'],
    ['git@github.com:Acme/flights.git', 'github.com', 'Acme/flights'],
    ['ssh://git@gitlab.example.org:2222/group/sub/flights.git', 'gitlab.example.org', 'group/sub/flights'],
    ['http://127.0.0.1:3000/acme/flights', '127.0.0.1:3000', 'acme/flights'],
    ['https://acme@dev.azure.com/acme/ml%20ops/_git/flights', 'dev.azure.com', 'acme/ml ops/_git/flights'],
    ['git@ssh.dev.azure.com:v3/acme/ml/flights', 'dev.azure.com', 'acme/ml/_git/flights'],
    [
      'https://acme.visualstudio.com/DefaultCollection/ml/_git/flights',
      'dev.azure.com',
      'acme/ml/_git/flights',
    ],
  ] as const)
    test(`${text} is read`, () => assert.deepEqual(addressOf(text), { host, path }))

  for (const text of [
    '',
    'flights',
    'https://github.com/',
    'https://github.com/acme',
    'ftp://x.org/a/b',
    'C:\\repo',
  ])
    test(`${text || 'nothing'} is none`, () => assert.equal(addressOf(text), undefined))

  test('is the same in any case, and not elsewhere', () => {
    const of = (text: string) => addressOf(text)
    assert.ok(isSame(of('https://GitHub.com/acme/Flights'), of('git@github.com:Acme/flights.git')))
    assert.ok(!isSame(of('https://github.com/acme/flights'), of('https://evil.org/acme/flights')))
    assert.ok(!isSame(undefined, undefined))
  })

  test('says what kind of host it is at, where the name does', () => {
    const kindOf = (text: string) => hostKindOf(addressOf(text) ?? assert.fail())
    assert.equal(kindOf('https://github.com/a/b'), 'github')
    assert.equal(kindOf('https://gitlab.example.org/a/b'), 'gitlab')
    assert.equal(kindOf('https://dev.azure.com/a/b/_git/c'), 'azure_devops')
    assert.equal(kindOf('https://code.example.org/a/b'), undefined)
    assert.equal(kindOf('https://github.evil-example.org/a/b'), 'github')
  })
})
