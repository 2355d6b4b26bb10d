import { flushCompileCache } from 'node:module'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'

/**
 * A server to be killed: started with TWINLOOP_* variables, it prints one line of JSON with its addresses and the
 * administrator's token, and then serves until it dies.
 */
const app = await createApp(readConfig(process.env), { log: createLog({ level: 'error' }) })
const { urls, token } = await app.start()
flushCompileCache()
process.stdout.write(`${JSON.stringify({ ...urls, token })}\n`)
