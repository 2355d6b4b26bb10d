import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

// What a browser has to load, compressed, in bytes; `npm test` has built it.

const folder = join(import.meta.dirname, '../../dist/studio')
const weigh = (file: string) => gzipSync(readFileSync(join(folder, 'assets', file)), { level: 9 }).length
const files = readdirSync(join(folder, 'assets'))
const sum = (names: Iterable<string>) => [...names].reduce((all, name) => all + weigh(name), 0)

/** A script and all that it imports before it can run. */
function withImports(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  const text = readFileSync(join(folder, 'assets', name), 'utf8')
  for (const [, other = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(other, seen)
  return seen
}

const index = readFileSync(join(folder, 'index.html'), 'utf8')
const entry = /src="\/assets\/([\w.-]+\.js)"/.exec(index)?.[1] ?? ''
const first = withImports(entry)
/** The chunks of a module's name, which some other module may have, too. */
const chunks = (stem: string) => {
  const found = files.filter(
    (name) => name.startsWith(`${stem}-`) && name.length === `${stem}-12345678.js`.length,
  )
  return found.length > 0 ? found : assert.fail(stem)
}
/** What a module needs beyond the first load, in bytes. */
const beyond = (stem: string) =>
  Math.max(...chunks(stem).map((name) => sum([...withImports(name)].filter((one) => !first.has(one)))))

test('the first load is light, and what is heavy comes when it is needed', () => {
  const js = sum(first)
  const css = sum(Array.from(index.matchAll(/href="\/assets\/([\w.-]+\.css)"/g), ([, name = '']) => name))
  const page = Math.max(
    ...[
      'home',
      'jobs',
      'job',
      'version',
      'endpoint',
      'release',
      'data-version',
      'experiment',
      'run',
      'monitor',
      'feature',
      'incident',
    ].map(beyond),
  )
  const found = {
    js,
    css,
    page,
    chart: beyond('drawing'),
    graph: beyond('flow'),
    editor: beyond('yaml-editor'),
  }
  const most = { js: 300_000, css: 40_000, page: 60_000, chart: 275_000, graph: 85_000, editor: 215_000 }
  for (const [what, limit] of Object.entries(most)) {
    const weight = found[what as keyof typeof found]
    assert.ok(weight <= limit, `${what}: ${weight} bytes, at most ${limit} (${JSON.stringify(found)})`)
  }
  assert.ok(['drawing', 'editor', 'flow'].every((stem) => chunks(stem).every((name) => !first.has(name))))
})
