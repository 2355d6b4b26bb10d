import { defineCommand } from '../define-command.ts'

export const validate = defineCommand({
  noun: '',
  verb: 'validate',
  summary: 'Checks YAML files without a server: fields, expressions, steps, files they refer to.',
  flags: {},
  words: { placeholder: 'FILE…', summary: 'YAML files of any kind.', required: true },
  examples: ['twinloop validate pipeline.yml', 'twinloop validate mlops/**/*.yml'],
  async run({ words, io }) {
    const [{ loadFile }, { checkLoaded }, { settle }] = await Promise.all([
      import('../yaml/load-file.ts'),
      import('../yaml/checks/check.ts'),
      import('../yaml/problem.ts'),
    ])
    const { kinds } = await import('../yaml/kinds.ts')
    const problems: Parameters<typeof loadFile>[2] = []
    const good: string[] = []
    for (const file of words) {
      const before = problems.length
      const loaded = await loadFile(file, io.cwd, problems)
      if (loaded !== undefined) await checkLoaded(loaded, problems)
      if (loaded !== undefined && problems.slice(before).every((p) => p.severity === 'warning'))
        good.push(`${file}: ${kinds[loaded.kind].says}, no problems\n`)
    }
    io.stdout(good.join(''))
    settle(problems, io, `in ${words.length === 1 ? words[0] : `${words.length} files`}`)
    return undefined
  },
})
