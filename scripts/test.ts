// Runs every test, the fast ones first: beside the sources, then black-box in tests/. A pattern as argument runs
// only the files whose path contains it, e.g. `npm test -- tracking`.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const rings = [
  { what: 'beside the sources', glob: '{src,scripts}/**/*.test.ts', concurrency: 2 },
  { what: 'black-box', glob: 'tests/**/*.test.ts', concurrency: 1 },
]

let failed = false
for (const { what, glob, concurrency } of rings) {
  const files = globSync(glob, { cwd: root })
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
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
