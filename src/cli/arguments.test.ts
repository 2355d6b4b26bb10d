import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkArguments, parseArguments } from './arguments.ts'
import { defineCommand } from './define-command.ts'
import { Failure } from './failure.ts'

const command = defineCommand({
  noun: 'job',
  verb: 'create',
  summary: '',
  flags: {
    file: { type: 'text', short: 'f', required: true, summary: '' },
    set: { type: 'words', summary: '' },
    minInstances: { type: 'integer', summary: '' },
    minReplicas: { type: 'integer', summary: '' },
    endpointName: { type: 'text', short: 'e', aliases: ['endpoint'], summary: '' },
    tier: { type: 'text', choices: ['dedicated', 'low_priority'], summary: '' },
    web: { type: 'switch', summary: '' },
  },
  examples: [],
  run: async () => undefined,
})
const flags = (...argv: string[]) => parseArguments(command, argv).flags

test('flags are read in every spelling that az has', () => {
  assert.equal(flags('-f', 'a.yml')['file'], 'a.yml')
  assert.equal(flags('--file=a=b.yml')['file'], 'a=b.yml')
  assert.equal(flags('--endpoint', 'e')['endpointName'], 'e')
  assert.equal(flags('--endpoint-n', 'e')['endpointName'], 'e', 'an unambiguous beginning is enough')
  assert.equal(flags('--min-instances', '-1')['minInstances'], -1, 'a negative number is a value')
  assert.equal(flags('--tier', 'Dedicated')['tier'], 'dedicated', 'choices are told in any case')
  assert.equal(flags('--web')['web'], true)
  assert.equal(flags()['web'], false)
  assert.deepEqual(flags('--set', 'a=1', 'b=2', '--web', '--set', 'c=3')['set'], ['a=1', 'b=2', 'c=3'])
})

for (const { argv, message, hint } of [
  { argv: ['--fiel', 'x'], message: /--fiel is not a flag/, hint: /--file/ },
  { argv: ['--min', '1'], message: /--min-instances or --min-replicas/, hint: /^/ },
  { argv: ['--file'], message: /--file needs a value/, hint: /^/ },
  { argv: ['--min-instances', 'two'], message: /whole number/, hint: /^/ },
  { argv: ['--tier', 'low-priorty'], message: /dedicated, low_priority/, hint: /did you mean low_priority/ },
  { argv: ['-f', 'x', 'stray'], message: /stray/, hint: /--help/ },
  { argv: [], message: /needs --file/, hint: /example/ },
])
  test(`a wrong command line is a usage failure: ${argv.join(' ')}`, () => {
    assert.throws(
      () => checkArguments(command, parseArguments(command, argv)),
      (error) => {
        assert.ok(error instanceof Failure)
        assert.equal(error.exitCode, 2)
        assert.match(error.message, message)
        assert.match(error.hint ?? '', hint)
        return true
      },
    )
  })
