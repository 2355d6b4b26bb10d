// Round both loops, from nothing to a model that was replaced by a better one: what `npm run demo` does. Everything goes through the doors that
// a user has: the command line, the REST API and the endpoint's address. The parts are in demo/story.ts.
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Waits, type Stage } from './demo/chapters/stage.ts'
import { startOps } from './demo/server/ops.ts'
import { createTwinloop } from './demo/server/twinloop.ts'
import { createScreen } from './demo/show/screen.ts'
import { story } from './demo/story.ts'

const help = `npm run demo -- [--approve] [--keep | --exit]

Starts Twinloop and goes round both loops on the flights of 2013: a model is trained, passes its gates, is approved and
delivered; months of production follow, an alert, a challenger that takes over; a service gets slow, and is helped.
Its home is examples/flights/.twinloop, or TWINLOOP_HOME; run again, it goes on from there.

  --approve   approve whatever waits for somebody; without it you are asked
  --keep      end with the server up
  --exit      end with the server stopped (so it is, too, where there is no terminal)
  --help      this text

With neither --keep nor --exit, the server stays up until Ctrl-C.
`

const flags = readFlags()
if (flags.help) {
  process.stdout.write(help)
  process.exit()
}
const folder = join(import.meta.dirname, '../examples/flights')
const home = process.env['TWINLOOP_HOME'] ?? join(folder, '.twinloop')
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error('interrupted')))
const screen = createScreen(process.stdout)
const twinloop = createTwinloop({ home, folder, signal: interrupted.signal })
const endings: (readonly string[])[] = []
const ops = await startOps()

const stays = () => screen.line(' The server stays up; end it with: twinloop down')

try {
  const approvals = flags.approve ? 'given' : screen.interactive ? 'asked for' : 'waited for'
  const stage = {
    twinloop,
    screen,
    folder,
    home,
    signal: interrupted.signal,
    approvals,
    endings,
    ops,
  } as const
  const took = await tell({ ...stage, months: [] })
  const waits = !flags.keep && !flags.exit && screen.interactive
  screen.line(whatNext({ serverStays: flags.keep === true || waits || endings.length === 0 }))
  screen.line(`\n Done in ${took}.`)
  if (waits) {
    screen.line(' The server stays up until you press Ctrl-C.')
    await once(interrupted.signal, 'abort')
  }
  await end(flags.keep === true)
} catch (error) {
  if (error instanceof Waits) {
    const typed = [...shell(), ...(flags.exit ? ['twinloop up --detach'] : []), error.command, 'npm run demo']
    screen.line(`\n ${error.message}\n${typed.map((line) => `   ${line}`).join('\n')}\n`)
    await end(flags.exit !== true)
  } else {
    const byUser = interrupted.signal.aborted
    console.error(byUser ? '\n Interrupted.' : `\n ✗ ${(error as Error).message}`)
    process.exitCode = byUser ? 130 : 1
    await end(false)
  }
} finally {
  ops.close()
}

/** Tells the story; returns how long that took, part by part, in words. */
async function tell(stage: Stage): Promise<string> {
  const parts: string[] = []
  const began = performance.now()
  for (const [title, chapters] of story) {
    screen.heading(title)
    const since = performance.now()
    for (const chapter of chapters) await chapter(stage)
    parts.push(`${title} ${Math.round((performance.now() - since) / 1000)}`)
  }
  return `${Math.round((performance.now() - began) / 1000)} s (${parts.join(', ')})`
}

/** Ends what the demo began, unless the server is to stay. */
async function end(serverStays: boolean): Promise<void> {
  if (serverStays) return stays()
  for (const ending of endings.reverse()) await twinloop.atEnd(...ending)
}

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        approve: { type: 'boolean' },
        keep: { type: 'boolean' },
        exit: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (!values.keep || !values.exit) return values
    throw new Error('--keep and --exit exclude each other.')
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

/** What makes `twinloop` of a shell this one. */
function shell(): readonly string[] {
  const main = join(import.meta.dirname, '../src/main.ts')
  return [`export TWINLOOP_HOME=${home}`, `alias twinloop="${process.execPath} ${main}"`]
}

function whatNext({ serverStays }: { serverStays: boolean }): string {
  return `
 Next, in examples/flights:
${shell()
  .map((line) => `   ${line}`)
  .join('\n')}
${serverStays ? '' : '   twinloop up --detach\n'}
   what went wrong, and when        twinloop incident list --all
   why, and what was done           twinloop incident show 1
   what the monitor found           twinloop monitor show --name flight-delay
   how good it was, month by month  twinloop monitor values --name flight-delay --metric roc_auc --output table
   how the challenger got there     twinloop release show flight-delay/2
   the same as a page to print      twinloop release scorecard flight-delay/2 --output-file scorecard.html
   what it was made of              twinloop model lineage --name flight-delay --version 2
   back to the model before         twinloop release rollback flight-delay
   your own mlflow code             eval "$(twinloop env)" && python your_script.py

 The same by hand: docs/walkthrough.md. How it is made: examples/flights/README.md`
}
