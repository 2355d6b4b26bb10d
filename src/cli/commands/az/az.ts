import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { run as runCommand } from '../../main.ts'

export const az = defineCommand({
  noun: '',
  verb: 'az',
  summary: 'Takes az ml lines as they stand; --shim puts a command called az on PATH.',
  flags: {},
  raw: true,
  words: { placeholder: 'LINE…', summary: 'An az line, without its az; or --shim.' },
  examples: [
    'twinloop az ml job create -f pipeline.yml --query name -o tsv',
    'eval "$(twinloop az --shim)" && ./existing-script-with-az-ml.sh',
    'twinloop az configure --defaults group=twinloop workspace=staging',
  ],
  async run({ words, io, settings }) {
    const [first = '', ...rest] = words
    if (first === '--shim') {
      const { installShim } = await import('./shim.ts')
      io.stdout(await installShim(settings.home, io.env['PATH'] ?? ''))
      return undefined
    }
    if (first === 'ml') return { exitCode: await runCommand(rest, io) }
    const { answerCore } = await import('./core.ts')
    const answered = await answerCore(words, io, settings)
    if (answered !== undefined) return answered
    throw usage(
      `az ${words.slice(0, 2).join(' ')} is not a line that Twinloop answers`,
      'it answers az ml, and the account, configure, config, extension, group and login lines around it',
    )
  },
})
