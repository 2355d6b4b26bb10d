// The main job, from nothing to predictions over HTTP: what `npm run demo` does. Everything goes through the doors that
// a user has: the command line, the REST API and the endpoint's address. The chapters are in demo/story.ts.
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Waits, type Stage } from './demo/chapters/stage.ts'
import { startOps } from './demo/server/ops.ts'
import { createTwinloop } from './demo/server/twinloop.ts'
import { createScreen } from './demo/show/screen.ts'
import { story } from './demo/story.ts'

const help = `npm run demo -- [--approve] [--keep | --exit]

Starts Twinloop, trains a model on real flights, deploys it and asks it about flights it has never seen.
Its home is examples/flights/.twinloop, or TWINLOOP_HOME; run again, it goes on from there.

  --approve   let everything pass that waits for an approval; without it you are asked
  --keep   end with the server up
  --exit   end with the server stopped (so it is, too, where there is no terminal)
  --help   this text

With neither, the server stays up until Ctrl-C.
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

try {
  const began = performance.now()
  const approvals = flags.approve ? 'given' : screen.interactive ? 'asked for' : 'waited for'
  const stage: Stage = { twinloop, screen, folder, home, signal: interrupted.signal, approvals, endings, ops, months: [] }
  for (const [title, chapters] of story) {
    screen.heading(title)
    for (const chapter of chapters)
      await chapter(stage)
  }
  const waits = !flags.keep && !flags.exit && screen.interactive
  screen.line(whatNext({ serverStays: flags.keep === true || waits || endings.length === 0 }))
  screen.line(`\n Done in ${Math.round((performance.now() - began) / 1000)} s.`)
  if (waits) {
    screen.line(' The server stays up until you press Ctrl-C.')
    await once(interrupted.signal, 'abort')
  }
} catch (error) {
  const byUser = interrupted.signal.aborted
  console.error(byUser ? '\n Interrupted.' : `\n ✗ ${(error as Error).message}`)
  process.exitCode = byUser ? 130 : 1
} finally {
  if (flags.keep && process.exitCode === undefined)
    screen.line(' The server stays up; end it with: twinloop down')
  else for (const ending of endings.reverse()) await twinloop.atEnd(...ending)
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

function whatNext({ serverStays }: { serverStays: boolean }): string {
  return `
 Next, in examples/flights:
   export TWINLOOP_HOME=${home}
   alias twinloop="${process.execPath} ${join(import.meta.dirname, '../src/main.ts')}"
${serverStays ? '' : '   twinloop up --detach\n'}
   train on other months          twinloop job create --file pipeline.yml --stream --set \\
                                    inputs.month_1.path=azureml:flights:4 inputs.month_2.path=azureml:flights:5
${serverStays ? '   what the data must be like     twinloop data-contract results --name flights\n' : ''}\
   every job so far               twinloop job list --output table
   the model and its tags         twinloop model show --name flight-delay --version 1
   what came of January           twinloop data lineage --name flights --version 1
   how February differs from it   twinloop data diff flights:1 flights:2
${serverStays ? '   ask the endpoint               twinloop online-endpoint invoke --name flight-delay --request-file request.json\n' : ''}\
   your own mlflow code           eval "$(twinloop env)" && python your_script.py

 How it is made: examples/flights/README.md`
}
