import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { presentRelease } from '../../present/release.ts'
import type { ReleaseState } from '../../../release/releases/release.ts'
import { approval } from './approval.ts'
import { decisions } from './decisions.ts'
import { evidence } from './evidence.ts'
import { scorecard } from './scorecard.ts'
import { planPath, releasePath, releaseWords } from './target.ts'

const table = {
  Release: 'name',
  State: 'state',
  Stage: 'stage',
  Version: 'version',
  Started: 'started_at',
  By: 'started_by.name',
  Reason: 'reason',
}

const create = defineCommand({
  noun: 'release',
  verb: 'create',
  summary: 'Starts a release of a version by a plan; answers with the one that runs, if there is one.',
  flags: {
    plan: { type: 'text', short: 'p', placeholder: 'NAME', required: true, summary: 'The release plan.' },
    modelVersion: {
      type: 'text',
      short: 'v',
      placeholder: 'VERSION',
      summary: 'A version, @ALIAS or latest. Default: the newest with the tags that the plan asks for.',
    },
    reason: { type: 'text', placeholder: 'TEXT', summary: 'Why, for its timeline.' },
    watch: { type: 'switch', summary: 'Follows it; exit code 1 unless it succeeds.' },
    wait: {
      type: 'switch',
      summary: 'Follows it until it succeeds or only waits for an approval; exit code 1 if it does neither.',
    },
  },
  table,
  examples: [
    'twinloop release create --plan flight-delay --model-version 3 --watch',
    'twinloop release create --plan flight-delay --wait',
    'twinloop release create --plan flight-delay --reason "trained on November"',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const made = await api.post<Body & { readonly created: boolean }>(`${planPath(flags.plan)}/start`, {
      version: flags.modelVersion,
      reason: flags.reason,
    })
    if (!made.created) io.stderr(`${flags.plan}/${made.name} is under way already\n`)
    if (!flags.watch && !flags.wait) return presentRelease(await api.get<Body>(made.id ?? ''))
    const { watch } = await import('./watch.ts')
    return watch(api, io, made.id ?? '', flags.wait ? 'approval' : 'end')
  },
})

const show = defineCommand({
  noun: 'release',
  verb: 'show',
  summary: 'Shows how a release stands, stage by stage; with -o all that is known of it.',
  flags: {},
  words: releaseWords,
  table,
  examples: [
    'twinloop release show flight-delay/14',
    'twinloop release show flight-delay -o json --query state',
  ],
  async run({ flags, words, io, client }) {
    const api = await client()
    const body = await api.get<Body>(await releasePath(api, words))
    if (flags.output !== undefined || flags.query !== undefined) return presentRelease(body)
    const [{ picture }, { labelOf }] = await Promise.all([
      import('./picture.ts'),
      import('../../present/release.ts'),
    ])
    io.stdout(picture(io, labelOf(body), body.properties as unknown as ReleaseState, new Date()))
    return undefined
  },
})

const list = defineCommand({
  noun: 'release',
  verb: 'list',
  summary: 'Lists releases, newest first: of one plan, or of all.',
  flags: {
    plan: { type: 'text', short: 'p', placeholder: 'NAME', summary: 'Only of this release plan.' },
    state: {
      type: 'text',
      placeholder: 'STATE',
      summary: 'Only those in this state, such as blocked or waiting.',
    },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many of a plan.' },
  },
  table,
  examples: [
    'twinloop release list --plan flight-delay -o table',
    'twinloop release list --state waiting -o table',
  ],
  async run({ flags, client }) {
    const api = await client()
    const query = flags.state === undefined ? {} : { state: flags.state }
    const plans =
      flags.plan === undefined
        ? (await api.list<Body>('/providers/Twinloop/releasePlans')).map(({ name = '' }) => name)
        : [flags.plan]
    const bodies: Body[] = []
    for (const plan of plans)
      bodies.push(...(await api.list<Body>(`${planPath(plan)}/releases`, query, flags.maxResults)))
    const startedAt = ({ properties }: Body) => textOf(properties?.['startedAt'])
    return bodies.toSorted((a, b) => startedAt(b).localeCompare(startedAt(a))).map(presentRelease)
  },
})

const watch = defineCommand({
  noun: 'release',
  verb: 'watch',
  summary: 'Follows a release until it ends or a gate blocks it; exit code 1 unless it succeeds.',
  flags: {},
  words: releaseWords,
  examples: ['twinloop release watch flight-delay/14'],
  async run({ words, io, client }) {
    const api = await client()
    const { watch: follow } = await import('./watch.ts')
    return follow(api, io, await releasePath(api, words))
  },
})

export const commands: readonly Command[] = [
  create,
  show,
  list,
  watch,
  ...approval,
  ...decisions,
  evidence,
  scorecard,
]
