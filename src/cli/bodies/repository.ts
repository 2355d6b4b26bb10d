import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { RepositoryFile } from '../yaml/shapes/repository.ts'

/** The body of `PUT …/providers/Twinloop/repositories/{name}`: its words are those of the file. */
export const repositoryBody = ({
  name: _,
  $schema: _schema,
  type: _type,
  ...said
}: RepositoryFile): Json => ({
  properties: clean(said),
})
