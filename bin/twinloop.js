#!/usr/bin/env node
// Under a Node that is too old, hands over to the one that stands beside this package, if there is one.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace(/^\D+/, '')
const [major, minor] = process.versions.node.split('.').map(Number)
const [least, leastMinor] = wanted.split('.').map(Number)
const built = join(root, 'dist/main.js')

const isNew = major > least || (major === least && minor >= leastMinor)
const own = [join(root, 'node_modules/.bin/node'), join(root, '../.bin/node')].find((path) =>
  existsSync(path),
)
const fail = (why) => {
  console.error(why)
  process.exitCode = 1
}

if (!existsSync(built)) fail('This checkout is not built yet: npm run build')
else if (isNew) await import(built)
else if (own === undefined)
  fail(`Twinloop needs Node ${wanted} or newer, and this is ${process.versions.node}.`)
else process.exitCode = spawnSync(own, [built, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
