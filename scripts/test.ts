// Runs the tests, the fast ones first: beside the sources, then black-box in tests/. A pattern as argument runs only the
// files whose path contains it, e.g. `npm test -- tracking`. Those that take a minute or more each (`*.slow.test.ts`, in
// tests/ci what `init` scaffolds, run as CI would, and in tests/demo what needs a demo that has been run) run only if they
// are asked for, as .ci/run does: `.slow. tests/ci`, `tests/demo`.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const isSlow = (file: string) =>
  file.endsWith('.slow.test.ts') || ['ci', 'demo'].some((folder) => file.startsWith(join('tests', folder)))
const rings = [
  { what: 'beside the sources', glob: '{src,scripts,studio/src}/**/*.test.ts', concurrency: 2 },
  { what: 'black-box', glob: 'tests/**/*.test.ts', concurrency: 2 },
]

// Hundreds of processes read the same modules: their types are stripped once. What runs in a test takes it over.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compiled')

let failed = false
for (const { what, glob, concurrency } of rings) {
  const files = globSync(glob, { cwd: root })
    .filter((file) => (wanted.length === 0 ? !isSlow(file) : wanted.some((part) => file.includes(part))))
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
