import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseInterpreter, interpreterOf } from './interpreters.ts'
import { admits, isPossible, parseMinor } from '../packages/python-version.ts'

describe('Python versions', () => {
  for (const [specifiers, fits, not] of [
    ['', ['3.8', '3.13'], []],
    ['==3.11.*', ['3.11'], ['3.10', '3.12', '2.7']],
    ['==3.11', ['3.11'], ['3.12']],
    ['==3.8.10', ['3.8'], ['3.9']],
    ['==3.*', ['3.8', '3.13'], ['2.7']],
    ['>=3.9', ['3.9', '3.13'], ['3.8']],
    ['>=3.9,<3.12', ['3.9', '3.11'], ['3.8', '3.12']],
    ['>3.9', ['3.9', '3.10'], ['3.8']],
    ['<3.9.5', ['3.9', '3.8'], ['3.10']],
    ['<4', ['3.13'], ['4.0']],
    ['<=3.10', ['3.10'], ['3.11']],
    ['~=3.9', ['3.9', '3.13'], ['3.8', '4.0']],
    ['~=3.9.2', ['3.9'], ['3.10']],
    ['>=3.8,!=3.9.*', ['3.8', '3.10'], ['3.9']],
    ['!=3.9.7', ['3.9'], []],
    ['=>3', [], ['3.11']],
  ] as const)
    test(specifiers || 'any', () => {
      for (const version of fits) assert.ok(admits(specifiers, minor(version)), version)
      for (const version of not) assert.ok(!admits(specifiers, minor(version)), version)
    })

  test('some can never be', () => {
    assert.ok(isPossible('==3.7.*'))
    for (const never of ['==2.7.*', '>=4', '>3.9,<3.8', '==three']) assert.ok(!isPossible(never), never)
  })
})

describe('the choice of an interpreter', () => {
  const own = { path: '/usr/bin/python3', version: '3.11.2' }
  const others = () =>
    Promise.resolve(
      ['3.8.18', '3.9.2', '3.9.18', '3.13.0'].map((version) => ({ path: `/opt/${version}`, version })),
    )
  const none = () => Promise.reject(new Error('asked for others'))

  test('takes the machine’s own if it fits, and looks no further', async () => {
    assert.deepEqual(await chooseInterpreter('>=3.9', own, none), own)
    assert.deepEqual(await chooseInterpreter('', own, none), own)
  })
  test('takes the newest other that fits', async () => {
    assert.equal((await chooseInterpreter('==3.9.*', own, others)).path, '/opt/3.9.18')
    assert.equal((await chooseInterpreter('<3.10', own, others)).path, '/opt/3.9.18')
  })
  test('takes the machine’s own with a note if none fits', async () => {
    const choice = await chooseInterpreter('==3.7.*', own, others)
    assert.equal(choice.path, own.path)
    assert.match(choice.note ?? '', /python==3\.7\.\* is asked for.*3\.11\.2 is used/)
  })
  test('refuses what no Python 3 can be', () =>
    assert.rejects(chooseInterpreter('==2.7.*', own, others), /No Python 3 fits python==2\.7/))
  test('says that there is no Python', () =>
    assert.rejects(interpreterOf('no-such-python'), /no-such-python, does not run/))
})

function minor(text: string) {
  const parsed = parseMinor(text)
  assert.ok(parsed)
  return parsed
}
