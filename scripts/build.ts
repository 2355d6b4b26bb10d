// Emits dist/ for the package: plain JavaScript, file by file, as readable as the sources; and Studio, for browsers.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
rmSync(join(root, 'dist'), { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
execFileSync(join(root, 'node_modules/.bin/vite'), ['build', 'studio', '--logLevel', 'warn'], {
  cwd: root,
  stdio: 'inherit',
})
