// Brings what the project needs before its TypeScript can run: the locked npm packages, and with them Node 24; and builds
// Studio, the web interface, if its sources are newer than what was built of them.
// Plain JavaScript, because it must run under whatever Node is on the machine.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const marker = join(root, 'node_modules/.package-lock.json')

/** True when the packages on disk are those of the lock file: npm stamps its own copy after each install. */
const installed = () =>
  existsSync(marker) &&
  existsSync(join(root, 'node_modules/.bin/node')) &&
  statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs

const version = process.versions.node.split('.').map(Number)
if (version[0] < 20) {
  console.error(`Node ${process.versions.node} is too old to start from: 20 or newer is needed.`)
  process.exit(1)
}
if (!installed()) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.node
  process.stdout.write(` · installing npm packages and Node ${wanted} …\n`)
  // Not `npm ci`: it refuses a lock file that lacks binaries of platforms which the registry at hand does not carry.
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    // Else an older npm would let the package look for files for graphics cards, far away.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
}

/** True unless what was built of Studio is newer than all that it is built of. */
const studioIsOld = () => {
  const built = join(root, 'dist/studio/index.html')
  if (!existsSync(built)) return true
  const since = statSync(built).mtimeMs
  const sources = ['studio', 'src/cli/present'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  )
  return [...sources, join(root, 'package-lock.json')].some((file) => statSync(file).mtimeMs > since)
}

if (studioIsOld()) {
  process.stdout.write(' · building Studio …\n')
  execFileSync(
    join(root, 'node_modules/.bin/node'),
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'studio', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
}
