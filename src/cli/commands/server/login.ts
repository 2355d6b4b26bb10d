import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { connect } from '../../client/connect.ts'
import { askForSignInLink } from '../../client/sign-in.ts'

export const login = defineCommand({
  noun: '',
  verb: 'login',
  summary:
    'Says who you are here, with a link that signs a browser in; --token keeps a token for this home folder.',
  flags: {
    token: {
      type: 'text',
      placeholder: 'TOKEN',
      summary: 'Token to keep, readable by you only; - reads it from standard input.',
    },
  },
  examples: ['twinloop login', 'twinloop login --token - < token.txt'],
  async run({ flags, io, settings }) {
    const token = flags.token === '-' ? await readInput() : flags.token
    if (token === '') throw usage('the token is empty')
    const env = token === undefined ? io.env : { ...io.env, TWINLOOP_TOKEN: token }
    const client = await connect({ ...io, env }, settings, flags, flags.debug)
    // Asking for a link proves the token before it is kept.
    const link = await askForSignInLink(client.connection)
    if (token !== undefined) {
      const path = join(settings.home, 'token')
      await mkdir(settings.home, { recursive: true, mode: 0o700 })
      await writeFile(`${path}.new`, `${token}\n`, { mode: 0o600 })
      await rename(`${path}.new`, path)
    }
    const { url, workspace } = client.connection
    io.stderr(`${link.name} at ${url}, workspace ${workspace}\n  in a browser: ${link.url}  (works once)\n`)
    return undefined
  },
})

async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString().trim()
}
