import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { reach } from '../../client/client.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import { defineCommand } from '../../define-command.ts'
import { releasePath, releaseWords } from './target.ts'

export const scorecard = defineCommand({
  noun: 'release',
  verb: 'scorecard',
  summary:
    'Writes the model scorecard: all that is known of the version, as one HTML page to be read or printed.',
  flags: {
    outputFile: {
      type: 'text',
      short: 'f',
      placeholder: 'FILE',
      summary: 'Where it is written. Default: PLAN-NUMBER-scorecard.html.',
    },
  },
  words: releaseWords,
  examples: [
    'twinloop release scorecard flight-delay/14 --output-file scorecard.html',
    'twinloop release scorecard flight-delay',
  ],
  async run({ flags, words, io, client }) {
    const api = await client()
    const path = await releasePath(api, words)
    const { connection, workspaceId } = api
    const response = await reach(connection, () =>
      fetch(`${connection.url}${workspaceId}${path}/scorecard`, {
        headers: { authorization: `Bearer ${connection.token}` },
        signal: connection.signal,
      }),
    )
    if (!response.ok)
      throw new RemoteFailure(response.status, { message: `the scorecard answered ${response.status}` })
    const [plan, , number] = path.split('/').slice(-3)
    const file = flags.outputFile ?? `${plan}-${number}-scorecard.html`
    await mkdir(dirname(resolve(io.cwd, file)), { recursive: true })
    await writeFile(resolve(io.cwd, file), await response.text())
    io.stderr(`${file}\n`)
    return undefined
  },
})
