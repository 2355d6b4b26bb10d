import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { reach } from '../../client/client.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import type { ReleaseState } from '../../../release/releases/release.ts'
import { releasePath, releaseWords } from './target.ts'

export const evidence = defineCommand({
  noun: 'release',
  verb: 'evidence',
  summary: 'Lists the files that its gates kept, or downloads them.',
  flags: {
    gate: { type: 'text', placeholder: 'NAME', summary: 'Only of this gate.' },
    downloadPath: {
      type: 'text',
      short: 'p',
      placeholder: 'FOLDER',
      summary: 'Writes them there, by stage and gate.',
    },
  },
  words: releaseWords,
  table: { Stage: 'stage', Gate: 'gate', Attempt: 'attempt', File: 'file', Title: 'title', Bytes: 'bytes' },
  examples: [
    'twinloop release evidence flight-delay/14 -o table',
    'twinloop release evidence flight-delay/14 --gate champion -p evidence/',
  ],
  async run({ flags, words, io, client }) {
    const api = await client()
    const path = await releasePath(api, words)
    const { stages } = (await api.get<Body>(path)).properties as unknown as ReleaseState
    const ofGates = stages.flatMap((stage) =>
      stage.gates
        .filter(({ name }) => flags.gate === undefined || name === flags.gate)
        .flatMap((gate) => [...(gate.earlier ?? []), gate])
        .flatMap((gate) =>
          (gate.result?.files ?? []).map(({ name, title, bytes, sha256, contentType }) => ({
            stage: stage.name,
            gate: gate.name,
            attempt: gate.attempt,
            file: name,
            title,
            bytes,
            sha256,
            content_type: contentType,
            path: `${stage.name}/${gate.name}/${gate.attempt}/${name}`,
          })),
        ),
    )
    const files = [...ofGates, ...(flags.gate === undefined ? stages.flatMap(scorecardIn) : [])]
    if (flags.downloadPath === undefined) return files
    if (files.length === 0) throw new Failure('there is no evidence to download yet')
    const folder = resolve(io.cwd, flags.downloadPath)
    const { connection, workspaceId } = api
    for (const { path: below, stage, gate, attempt, file } of files) {
      const encoded = below.split('/').map(encodeURIComponent).join('/')
      const response = await reach(connection, () =>
        fetch(`${connection.url}${workspaceId}${path}/evidence/${encoded}`, {
          headers: { authorization: `Bearer ${connection.token}` },
          signal: connection.signal,
        }),
      )
      if (!response.ok)
        throw new RemoteFailure(response.status, { message: `${below} answered ${response.status}` })
      const again = attempt === 1 ? [] : [`attempt-${attempt}`]
      const to = join(folder, stage, ...(gate === undefined ? [] : [gate, ...again]), file)
      await mkdir(dirname(to), { recursive: true })
      await writeFile(to, new Uint8Array(await response.arrayBuffer()))
      io.stderr(`${to}\n`)
    }
    return undefined
  },
})

/** The scorecard that was kept when the gates of a stage were done. */
const scorecardIn = ({ name: stage, scorecard }: ReleaseState['stages'][number]) => {
  if (scorecard === undefined) return []
  const { name, title, bytes, sha256, contentType } = scorecard
  const file = { file: name, title, bytes, sha256, content_type: contentType, path: `${stage}/${name}` }
  return [{ stage, gate: undefined, attempt: 1, ...file }]
}
