import { defineCommand } from '../define-command.ts'
import type { Command } from '../define-command.ts'
import { Failure } from '../failure.ts'
import { nearest } from '../../kernel/nearest.ts'

const list = defineCommand({
  noun: 'schema',
  verb: 'list',
  summary: 'Lists the kinds of file that there are schemas of.',
  flags: {},
  table: { Name: 'name', Of: 'of' },
  examples: ['twinloop schema list -o table'],
  async run() {
    const { schemaNames, titleOf } = await import('../yaml/schemas/files.ts')
    return schemaNames.map((name) => ({ name, of: titleOf(name) ?? name }))
  },
})

const show = defineCommand({
  noun: 'schema',
  verb: 'show',
  summary:
    'Prints the JSON Schema of a kind of file; a server answers the same at /schemas/KIND.schema.json.',
  flags: {},
  words: { placeholder: 'KIND', summary: 'Which: alert-rule, command-job, …', required: true },
  examples: ['twinloop schema show alert-rule > .vscode/alert-rule.schema.json'],
  async run({ words: [name = ''] }) {
    const { schemaNamed, schemaNames } = await import('../yaml/schemas/files.ts')
    const schema = await schemaNamed(name)
    if (schema !== undefined) return schema
    const near = nearest(name, schemaNames)
    throw new Failure(`there is no kind of file '${name}'`, {
      hint: near === undefined ? 'twinloop schema list' : `did you mean ${near}?`,
    })
  },
})

export const commands: readonly Command[] = [list, show]
