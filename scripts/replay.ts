// Asks the endpoint flight-delay about every flight of a month of 2013, as its callers would, and prints what became of
// them, as `twinloop online-endpoint send-labels --row-column row` takes it: node scripts/replay.ts 2013-04 > labels.csv
import { homedir } from 'node:os'
import { join } from 'node:path'
import { flightsOf } from './demo/replay/flights.ts'
import { endpointOf, labelsOf, send } from './demo/replay/send.ts'
import { createTwinloop } from './demo/server/twinloop.ts'

const [month = ''] = process.argv.slice(2)
if (!/^2013-(?:0[1-9]|1[0-2])$/.test(month)) {
  console.error('Which month? node scripts/replay.ts 2013-04 > labels-2013-04.csv')
  process.exit(2)
}
const folder = join(import.meta.dirname, '../examples/flights')
const home = process.env['TWINLOOP_HOME'] ?? join(homedir(), '.twinloop')
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))
const { signal } = interrupted
const perRequest = 50
const flights = await flightsOf(folder, month)
const endpoint = await endpointOf(createTwinloop({ home, folder, signal }), 'flight-delay')
await send(month, flights, endpoint, { signal, perRequest, atOnce: 3 })
process.stdout.write(labelsOf(month, flights, perRequest))
