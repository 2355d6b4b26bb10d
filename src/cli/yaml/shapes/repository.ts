import { anything, boolean, choice, object, required, text } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { spoken } from './spoken.ts'
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

export const repository: Shape<RepositoryFile> = spoken(fields, 'repository')
