import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { presentRelease } from '../../present/release.ts'
import type { ReleaseState } from '../../../release/releases/release.ts'
import { approval } from './approval.ts'
import { decisions } from './decisions.ts'
import { evidence } from './evidence.ts'
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
  summary: 'Lists the releases of a plan, newest first.',
  flags: {
    plan: { type: 'text', short: 'p', placeholder: 'NAME', required: true, summary: 'The release plan.' },
    state: {
      type: 'text',
      placeholder: 'STATE',
      summary: 'Only those in this state, such as blocked or waiting.',
    },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' },
  },
  table,
  examples: ['twinloop release list --plan flight-delay -o table'],
  async run({ flags, client }) {
    const api = await client()
    const query = flags.state === undefined ? {} : { state: flags.state }
    const bodies = await api.list<Body>(`${planPath(flags.plan)}/releases`, query, flags.maxResults)
    return bodies.map(presentRelease)
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

export const commands: readonly Command[] = [create, show, list, watch, ...approval, ...decisions, evidence]
