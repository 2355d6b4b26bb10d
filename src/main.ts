#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { processIo } = await import('./cli/io.ts')
const { run } = await import('./cli/main.ts')

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort())
process.exitCode = await run(process.argv.slice(2), processIo(interrupted.signal))
