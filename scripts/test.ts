// Runs the tests, the fast ones first: beside the sources, then black-box in tests/. A pattern as argument runs only the
// files whose path contains it, e.g. `npm test -- tracking`. What `init` scaffolds is run as CI would run it only if it is
// asked for, by `npm test -- tests/ci`: that takes minutes, and .ci/run does it.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const onlyIfAsked = join('tests', 'ci')
const rings = [
  { what: 'beside the sources', glob: '{src,scripts}/**/*.test.ts', concurrency: 2 },
  { what: 'black-box', glob: 'tests/**/*.test.ts', concurrency: 2 },
]

let failed = false
for (const { what, glob, concurrency } of rings) {
  const files = globSync(glob, { cwd: root })
    .filter((file) =>
      wanted.length === 0 ? !file.startsWith(onlyIfAsked) : wanted.some((part) => file.includes(part)),
    )
    .sort()
  if (files.length === 0) continue
  console.log(`\n── tests ${what}: ${files.length} files`)
  const { status } = spawnSync(
    process.execPath,
    ['--test', `--test-concurrency=${concurrency}`, '--test-timeout=600000', ...files],
    { cwd: root, stdio: 'inherit' },
  )
  failed ||= status !== 0
}
process.exitCode = failed ? 1 : 0
