import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { before, describe, test } from 'node:test'

/** The floors of `src/`, lowest first: a file may import from its own room and from the floors below. */
const floors = [
  ['config.ts', 'artifacts', 'compute', 'analytics', 'statistics'],
  ['store'],
  ['kernel'],
  ...['admin', 'data', 'tracking', 'registry', 'training', 'serving', 'release', 'monitoring', 'alerts'].map(
    (room) => [room],
  ),
  ['rooms.ts'],
  ['app.ts'],
  ['cli'],
  ['main.ts'],
]

/** What only some folder may import: the store alone speaks SQL to the store, the sources to users' databases. */
const owners = new Map([
  ['kysely', ['store/']],
  ['node:sqlite', ['store/', 'data/transfers/databases/']],
  ['pg', ['store/', 'data/transfers/databases/']],
  ['mysql2', ['data/transfers/databases/']],
  ['@duckdb/node-api', ['analytics/']],
])

const longest = 500

describe('the house', () => {
  const root = join(import.meta.dirname, '..', 'src')
  const files: { readonly path: string; readonly text: string }[] = []
  before(async () => {
    for await (const path of glob('**/*.ts', { cwd: root }))
      if (isProduct(path)) files.push({ path, text: readFileSync(join(root, path), 'utf8') })
  })

  /** False for tests, contracts and what is in a folder `testing/` for them. */
  const isProduct = (path: string) => !/\.(?:test|contract)\.ts$|(?:^|\/)testing\//.test(path)
  const floorOf = (room: string) => floors.findIndex((floor) => floor.includes(room))
  const roomOf = (path: string) => path.split(sep)[0] ?? ''
  const isBelow = (to: string, from: string) =>
    isProduct(to) && (roomOf(to) === roomOf(from) || floorOf(roomOf(to)) < floorOf(roomOf(from)))
  /** Every module that the file imports, statically or not, for its types or for its code. */
  const importsOf = (text: string) =>
    Array.from(text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g), ([, name = '']) => name)
  const wrong = (problems: readonly string[]) => assert.equal(problems.join('\n'), '')

  test('every folder of src/ has its floor', () => {
    assert.ok(files.length > 0)
    wrong(
      files
        .filter(({ path }) => floorOf(roomOf(path)) < 0)
        .map(({ path }) => `src/${path} is in no known room`),
    )
  })

  test('imports go down, and never to what is there for tests', () => {
    wrong(
      files.flatMap(({ path, text }) =>
        importsOf(text)
          .filter((name) => name.startsWith('.'))
          .map((name) => normalize(join(dirname(path), name)))
          .filter((to) => !isBelow(to, path))
          .map((to) => `src/${path} imports src/${to}, which is not below it`),
      ),
    )
  })

  test('each database is spoken to by its own room', () => {
    wrong(
      files.flatMap(({ path, text }) =>
        importsOf(text)
          .filter((name) =>
            owners.get(name)?.every((folder) => !path.split(sep).join('/').startsWith(folder)),
          )
          .map((name) => `src/${path} imports ${name}, which only ${owners.get(name)?.join(' and ')} may`),
      ),
    )
  })

  test('files stay readable', () => {
    wrong(
      files
        .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
        .filter(({ lines }) => lines > longest)
        .map(({ path, lines }) => `src/${path} has ${lines} lines; split it before ${longest}`),
    )
  })

  test('what the documents name is there', async () => {
    const home = join(root, '..')
    const places = [home, root, ...['kernel', 'data'].map((room) => join(root, room))]
    const missing: string[] = []
    for await (const page of glob('{README.md,CONTRIBUTING.md,docs/**/*.md}', { cwd: home })) {
      const text = readFileSync(join(home, page), 'utf8')
      const files = Array.from(
        text.matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|js|py|md))`/g),
        ([, file = '']) => file,
      )
      const links = Array.from(text.matchAll(/\]\((?!https?:)([^)#]+)\)/g), ([, link = '']) => link)
      missing.push(
        ...files
          .filter((file) => !places.some((place) => existsSync(join(place, file))))
          .concat(links.filter((link) => !existsSync(join(home, dirname(page), link))))
          .map((name) => `${page} names ${name}, which is not there`),
      )
    }
    wrong(missing)
  })

  test('exports have names', () => {
    wrong(
      files
        .filter(({ text }) => /^export default\b|\bas default\b/m.test(text))
        .map(({ path }) => `src/${path} has a default export`),
    )
  })
})
