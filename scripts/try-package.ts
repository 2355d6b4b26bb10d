// Packs the package, installs it in an empty folder, and starts it on this Node and on the oldest one it claims.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'twinloop-package-'))
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // As the page on model runtimes tells people: files for graphics cards are not wanted.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })

/** Starts the installed program and resolves once it says that it is up; rejects with its output if it ends before. */
async function starts(node: string): Promise<string> {
  const home = join(folder, `home-${Math.random().toString(36).slice(2)}`)
  const env = {
    ...process.env,
    TWINLOOP_HOME: home,
    TWINLOOP_PORT: '0',
    TWINLOOP_HTTPS_PORT: '0',
    TWINLOOP_GATEWAY_PORT: '0',
  }
  const server = spawn(node, [join(folder, 'node_modules/twinloop/bin/twinloop.js'), 'up'], {
    env,
    cwd: folder,
  })
  const up = Promise.withResolvers<string>()
  let output = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
      if (url !== undefined) up.resolve(url)
    })
  const ended = Promise.withResolvers<void>()
  server.once('exit', (code) => {
    up.reject(new Error(`it ended with code ${code}:\n${output}`))
    ended.resolve()
  })
  const url = await up.promise
  const ready = await fetch(`${url}/readyz`)
  const studio = await fetch(url)
  server.kill('SIGTERM')
  await ended.promise
  if (!ready.ok) throw new Error(`/readyz answered ${ready.status}:\n${output}`)
  if (!studio.ok) throw new Error(`Studio answered ${studio.status}:\n${output}`)
  return url
}

try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { name, version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string
    version: string
    engines: { node: string }
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }')
  const oldest = engines.node.replace(/^[^\d]*/, '')
  run(
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    `./${name}-${version}.tgz`,
    `node@${oldest}`,
  )
  for (const node of [join(folder, 'node_modules/.bin/node'), process.execPath]) {
    await starts(node)
    console.log(` ✓ the installed package starts on Node ${run(node, '--version').trim()}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
