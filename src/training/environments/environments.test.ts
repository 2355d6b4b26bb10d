import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Writing } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { environmentVersions } from './environments.ts'

const conda =
  'name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n    - six==1.16.0\n'

/** Writes as the kernel does: what a client sent, over what was there. */
async function write(sent: Json, before?: Json) {
  const properties = parseOrThrow(environmentVersions.schema, sent, 'environment', 'properties')
  const writing = { name: '1', body: { properties }, before: before && { properties: before } }
  await environmentVersions.prepare?.(writing as unknown as Writing<typeof properties>, {} as Platform)
  return properties
}

test('keeps what a client sends, in one spelling', async () => {
  const sent = { image: 'a/b:1', condaFile: conda, osType: 'linux', tags: { n: 1 }, later: { kept: true } }
  assert.deepEqual(await write(sent), { ...sent, osType: 'Linux', tags: { n: '1' } })
})

test('takes a conda file as an object, and keeps it as text', async () => {
  const { condaFile } = await write({ image: 'a', condaFile: { dependencies: ['python=3.11'] } })
  assert.equal(condaFile, 'dependencies:\n  - python=3.11\n')
})

for (const [what, sent, message] of [
  ['nothing', {}, /needs an image, a build or a condaFile/],
  ['an image and a build', { image: 'a', build: { contextUri: 'x' } }, /an image or a build, not both/],
  ['no YAML', { image: 'a', condaFile: 'a: [' }, /condaFile|conda file is not YAML: line 1/],
  ['no map', { image: 'a', condaFile: '- six' }, /must be a map/],
  ['no dependencies', { image: 'a', condaFile: 'name: x' }, /dependencies is missing/],
  ['a file that is not sent', { condaFile: 'dependencies: [{pip: [-r r.txt]}]' }, /-r r\.txt names a file/],
  ['a wrong type', { image: 3 }, /properties\.image/],
  ['an unknown system', { image: 'a', osType: 'Linus' }, /did you mean Linux/],
  [
    'a port that is none',
    { image: 'a', inferenceConfig: { scoringRoute: { path: '/', port: 0 } } },
    /scoringRoute\.port/,
  ],
] as const)
  test(`refuses ${what}`, () => assert.rejects(write(sent), message))

test('the same content again is no error, however it is written', async () => {
  const before = await write({ image: 'a', condaFile: conda, tags: { a: 'b' } })
  await write(
    { image: 'a', condaFile: `# said otherwise\n${conda.replace('[conda-forge]', '\n  - conda-forge')}` },
    before,
  )
  await write({ image: 'a', condaFile: conda, osType: 'Linux', isArchived: true }, before)
})

for (const [what, change] of [
  ['image', { image: 'b' }],
  ['condaFile', { condaFile: conda.replace('1.16.0', '1.15.0') }],
  ['condaFile', { condaFile: null }],
  ['image', { image: null, build: { contextUri: 'x' } }],
  ['osType', { osType: 'Windows' }],
] as const)
  test(`refuses another ${what} (${JSON.stringify(change).slice(0, 30)}) as a conflict`, async () => {
    const before = await write({ image: 'a', condaFile: conda })
    await assert.rejects(write({ ...before, ...change }, before), {
      kind: { code: 'Conflict', status: 409, mlflow: 'RESOURCE_ALREADY_EXISTS' },
      target: `properties.${what}`,
      message: /Make a new version/,
    })
  })
