import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { Failure } from '../../failure.ts'
import { presentRun, ratio, runOf } from '../../present/monitor-run.ts'
import type { Body } from '../../present/present.ts'
import { distribution, rows } from './drilldown.ts'
import { runPath } from './target.ts'

const name = {
  type: 'text',
  short: 'n',
  placeholder: 'RUN',
  required: true,
  summary: 'The run: MONITOR-20260131T060000Z.',
} as const

const table = {
  Run: 'name',
  Window: 'at',
  State: 'state',
  Beyond: 'beyond',
  Worst: 'worst',
  Ended: 'ended_at',
  Reason: 'reason',
}

const present = (body: Body) => {
  const { signals } = runOf(body)
  return {
    ...presentRun(body),
    beyond: ratio(signals),
    worst: signals.find(({ worst }) => worst !== undefined)?.worst,
  }
}

const list = defineCommand({
  noun: 'monitor-run',
  verb: 'list',
  summary: 'Lists windows that were computed, the latest first: of one monitor, or of all.',
  flags: {
    monitor: { type: 'text', short: 'm', placeholder: 'NAME', summary: 'Only of this monitor.' },
    state: {
      type: 'text',
      placeholder: 'STATE',
      choices: ['Running', 'Completed', 'Failed', 'Canceled'],
      summary: 'Only those in this state.',
    },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' },
  },
  table,
  examples: ['twinloop monitor-run list --monitor flight-drift -o table'],
  async run({ flags: { monitor, state, maxResults }, client }) {
    const bodies = await (
      await client()
    ).list<Body>('/providers/Twinloop/monitorRuns', {
      ...(monitor === undefined ? {} : { monitor }),
      ...(state === undefined ? {} : { state }),
    })
    return bodies
      .toSorted((a, b) => runOf(b).at.localeCompare(runOf(a).at))
      .slice(0, maxResults)
      .map(present)
  },
})

const show = defineCommand({
  noun: 'monitor-run',
  verb: 'show',
  summary: 'Shows what was found in one window; with -o all that is known of it.',
  flags: {
    name,
    all: { type: 'switch', summary: 'Every value, also those within their thresholds.' },
    signal: { type: 'text', short: 's', placeholder: 'NAME', summary: 'Only of this signal.' },
    feature: { type: 'text', placeholder: 'NAME', summary: 'Only of this feature, every value.' },
  },
  table,
  examples: [
    'twinloop monitor-run show -n flight-drift-20130501T000000Z --all',
    'twinloop monitor-run show -n flight-drift-20130501T000000Z --signal inputs --feature distance',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const whole = await api.get<Body>(runPath(flags.name))
    const body = flags.signal === undefined ? whole : onlySignal(whole, flags.signal)
    const { valuesOf } = await import('./values.ts')
    const values = (await valuesOf(api, body)).filter(
      ({ feature }) => flags.feature === undefined || feature === flags.feature,
    )
    if (flags.output !== undefined || flags.query !== undefined) return presentRun(body, values)
    const { picture } = await import('./picture.ts')
    io.stdout(picture(io, undefined, { body, values }, { all: flags.all || flags.feature !== undefined }))
    return undefined
  },
})

/** The run with one of its signals. */
function onlySignal(body: Body, name: string): Body {
  const { signals, ...properties } = runOf(body)
  const found = signals.filter((signal) => signal.name === name)
  if (found.length > 0) return { ...body, properties: { ...properties, signals: found } }
  const names = signals.map((signal) => signal.name)
  const near = nearest(name, names)
  throw new Failure(`${body.name} has no signal ${name}`, {
    hint: near === undefined ? `it has ${names.join(', ')}` : `did you mean ${near}?`,
  })
}

const cancel = defineCommand({
  noun: 'monitor-run',
  verb: 'cancel',
  summary: 'Ends a run with what it has under way; what it has found until then stays.',
  flags: { name },
  examples: ['twinloop monitor-run cancel -n flight-drift-20130501T000000Z'],
  async run({ flags, client }) {
    const api = await client()
    await api.post(`${runPath(flags.name)}/cancel`)
    return present(await api.get<Body>(runPath(flags.name)))
  },
})

const retry = defineCommand({
  noun: 'monitor-run',
  verb: 'retry',
  summary: 'Computes a window again: all of its signals, or some.',
  flags: {
    name,
    signal: { type: 'words', short: 's', placeholder: 'NAME', summary: 'Only these signals.' },
    wait: { type: 'switch', summary: 'Waits until it is computed.' },
  },
  examples: ['twinloop monitor-run retry -n flight-drift-20130501T000000Z --signal performance --wait'],
  async run({ flags, io, client }) {
    const api = await client()
    const { signal } = flags
    await api.post(`${runPath(flags.name)}/retry`, signal.length === 0 ? {} : { signals: signal })
    const { follow } = await import('./follow.ts')
    return present(flags.wait ? await follow(api, io, flags.name) : await api.get<Body>(runPath(flags.name)))
  },
})

const remove = defineCommand({
  noun: 'monitor-run',
  verb: 'delete',
  summary: 'Forgets a window and everything that was found in it.',
  flags: { name, yes: { type: 'switch', short: 'y', summary: 'Accepted for az: nothing is asked.' } },
  examples: ['twinloop monitor-run delete -n flight-drift-20130501T000000Z'],
  async run({ flags, client }) {
    await (await client()).remove(runPath(flags.name))
    return undefined
  },
})

export const commands: readonly Command[] = [list, show, distribution, rows, cancel, retry, remove]
