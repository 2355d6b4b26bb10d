/**
 * The scoring gateway as a process of its own:
 *
 *     node main.ts --folder {home}/gateway --host 127.0.0.1 --max-body-bytes 33554432
 *
 * It takes connections from the socket that is its descriptor 3, follows `{folder}/routes.json`, reaches instances
 * through `{folder}/sockets/`, appends to `{folder}/access.log` and, once it takes connections, writes
 * `{folder}/listening.json` (`{ pid, port, host, fingerprint }`, the last two as they were given).
 * With `--tls` it speaks HTTPS with the certificate and key of `{folder}/tls.json`, also with those that come there later.
 * SIGTERM lets requests finish, then ends; so does the removal of the folder, at once. If another gateway has written
 * `listening.json` by then, which takes connections from the same socket, callers may stay connected for a while.
 */
import { existsSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../../kernel/log.ts'
import { answersOverHttp } from './credentials/control-plane.ts'
import { askOverHttp } from './credentials/credentials.ts'
import { createSpooler } from './collecting/spooler.ts'
import { createComparer } from './figures/comparer.ts'
import { reportFigures } from './figures/report-figures.ts'
import { createGateway } from './gateway.ts'
import { reportLoad } from './load-report.ts'
import { openAccessLog } from './requests/access-log.ts'
import { noRoutes } from './routes/route-table.ts'
import { followTable } from './routes/table-file.ts'

const { values: flags } = parseArgs({
  options: {
    folder: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    tls: { type: 'boolean', default: false },
    fingerprint: { type: 'string', default: '' },
    'max-body-bytes': { type: 'string', default: String(32 * 1024 * 1024) },
  },
})
if (flags.folder === undefined) throw new Error('--folder is needed: where routes.json and sockets/ are.')

const log = createLog({ level: 'info', fields: { process: 'gateway' } })
const folder = resolve(flags.folder)
const sockets = join(folder, 'sockets')
const listening = join(folder, 'listening.json')
// Sockets are reached by their bare names: the path of one may have about 100 bytes only, and homes are longer.
process.chdir(sockets)
const accessLog = openAccessLog(join(folder, 'access.log'), (lines) => telemetry.dropped.inc(lines))
const spooler = createSpooler({
  folder: join(folder, 'collected'),
  onCollected: (endpoint, deployment) => telemetry.collected.inc({ endpoint, deployment }),
  onDropped: (endpoint, deployment, reason, requests) =>
    telemetry.uncollected.inc({ endpoint, deployment, reason }, requests),
})
const onError = (error: unknown) => log.error('the gateway failed at something', { error })
const tlsFile = join(folder, 'tls.json')
const readTls = () => JSON.parse(readFileSync(tlsFile, 'utf8')) as { cert: string; key: string }
const comparer = createComparer(onError)
const { server, apply, withoutTable, appeared, telemetry, endpoints } = createGateway({
  sockets: '',
  maxBodyBytes: Number(flags['max-body-bytes']),
  ask: askOverHttp,
  ...(flags.tls ? { tls: readTls() } : {}),
  accessLog,
  onUrgent: () => report.urgent(),
  isThere: answersOverHttp(Date.now),
  collector: spooler,
  comparer,
  onError,
})
const report = reportLoad(folder, endpoints, onError)
const figures = reportFigures(folder, endpoints, onError)

const socketWatch = watch(sockets, (_, name) => name !== null && appeared(name))
const tlsWatch = watch(folder, (_, name) => {
  if (name === 'tls.json' && 'setSecureContext' in server) server.setSecureContext(readTls())
  // Whoever removed the home wants nothing of it any more, and nobody could end this process by its record.
  if (!existsSync(folder)) process.exit(0)
})
const table = followTable(
  { folder, isInForce: () => !isFollowed() },
  (reading) => {
    apply(reading)
    spooler.apply(reading.table)
    if (Object.values(reading.table.endpoints).every((each) => each.watch === undefined)) comparer.rest()
    log.info('took up a routing table', { endpoints: Object.keys(reading.table.endpoints) })
    for (const [entry, why] of Object.entries(reading.leftOut))
      log.error('an entry of the routing table is left out', { entry, why })
  },
  (error) => {
    withoutTable(error.message)
    log.error('the routing table cannot be read; the one before it stays in force', { error })
  },
)

server.once('error', (error) => {
  log.error(error.message)
  process.exit(1)
})
server.listen({ fd: 3 }, () => {
  const { port } = server.address() as AddressInfo
  const { host, fingerprint } = flags
  writeFileSync(`${listening}.new`, JSON.stringify({ pid: process.pid, port, host, fingerprint }))
  renameSync(`${listening}.new`, listening)
  log.info('listening', { host, port })
})

/** Whether another gateway takes the connections now. */
function isFollowed(): boolean {
  try {
    return (JSON.parse(readFileSync(listening, 'utf8')) as { pid: number }).pid !== process.pid
  } catch {
    return false
  }
}

// It may come twice, to the process and to its group: without a listener the second would end it in the middle.
let isStopping = false
process.on('SIGTERM', () => {
  if (isStopping) return
  isStopping = true
  const followed = isFollowed()
  log.info('stopping: no new connections, what runs may finish', { followed })
  report.close()
  figures.close()
  // Callers that keep their connections are told with their next answer that this one ends.
  server.prependListener('request', (_, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  // Where another takes the connections there is no hurry: whoever is idle is not cut off while asking again, and
  // finds the routes as they are by then.
  if (followed) return void NetServer.prototype.close.call(server, end)
  stopWatching()
  server.close(end)
})

function stopWatching() {
  socketWatch.close()
  tlsWatch.close()
  table.close()
}

function end() {
  stopWatching()
  apply({ table: noRoutes, leftOut: {} })
  void Promise.all([accessLog.close(), spooler.close()]).then(() => process.exit(0))
}
