import { existsSync } from 'node:fs'
import { authorityFile, readTrust } from '../../../kernel/tls/trust.ts'
import { readServerFile } from '../../client/connect.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'

export const trust = defineCommand({
  noun: '',
  verb: 'trust',
  summary: "Prints the variables by which Azure's clients trust this server and speak to it, for eval.",
  flags: {},
  examples: ['eval "$(twinloop trust)" && python azure_script.py', 'twinloop trust'],
  async run({ io, settings }) {
    if (!existsSync(authorityFile(settings.home)))
      throw new Failure(`there is no ${authorityFile(settings.home)}`, {
        hint: 'the server makes it when it starts: twinloop up --detach',
      })
    const server = await readServerFile(settings.home)
    const { authority, variables } = readTrust(
      settings.home,
      server?.https ?? 'https://127.0.0.1:7443',
      io.env,
    )
    io.stdout(
      [
        `# The server's own certificate authority is ${authority}.`,
        ...variables.flatMap((v) => [
          `# ${v.purpose}`,
          `export ${v.name}='${v.value.replaceAll("'", `'\\''`)}'`,
        ]),
        '',
      ].join('\n'),
    )
    return undefined
  },
})
