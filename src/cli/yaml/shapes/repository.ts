import { mistakesIn } from '../../../release/ci/rules/rule.ts'
import { anything, boolean, choice, object, report, required, text } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { header } from './values.ts'

const fields = object('a repository', {
  ...header,
  type: required(choice('repository')),
  url: required(text()),
  host: choice('github', 'gitlab', 'azure_devops'),
  secret: text(),
  rules: anything(),
  report: object('what is reported', {
    connection: required(text()),
    statuses: boolean(),
    comments: boolean(),
  }),
})
export type RepositoryFile = Infer<typeof fields>

/** Fields as any file has them, and in them what the server's own grammar says of each rule, at its place in the file. */
export const repository: Shape<RepositoryFile> = {
  says: fields.says,
  read(reading, node, path) {
    const value = fields.read(reading, node, path)
    if (value?.rules === undefined) return value
    for (const { path: at, message, hint, part } of mistakesIn(value.rules))
      report(reading, [...path, 'rules', ...at], message, { hint, part: part ?? 'value' })
    return value
  },
}
