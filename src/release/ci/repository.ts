import { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { addressOf, hostKindOf, hostKinds, type Address, type HostKind } from './address.ts'
import { mistakesIn, rulesSchema, type Rule } from './rules/rule.ts'

export const repositorySchema = z.looseObject({
  description: z.string().nullish(),
  tags: textMap.nullish(),
  properties: textMap.nullish(),
  url: z
    .string()
    .min(1)
    .refine(
      (url) => addressOf(url) !== undefined,
      'is no address of a repository: use https://github.com/owner/name',
    ),
  /** Default: as the host of `url` tells. */
  host: oneOf(hostKinds).nullish(),
  /** What webhook calls prove themselves by. Without one none is taken. */
  secret: z.string().min(16, 'is shorter than 16 characters').max(1024).nullish(),
  rules: z
    .unknown()
    .superRefine((rules, context) => {
      for (const { path, message, hint } of mistakesIn(rules ?? []))
        context.addIssue({
          code: 'custom',
          path: [...path],
          message: hint === undefined ? message : `${message} (${hint})`,
        })
    })
    .optional(),
  /** What the host is told of jobs and releases that came of its commits. */
  report: z
    .strictObject({
      /** Name of the connection with the host's token. */
      connection: z.string().min(1),
      statuses: z.boolean().default(true),
      comments: z.boolean().default(true),
    })
    .nullish(),
})
export type RepositoryProperties = z.infer<typeof repositorySchema>

export interface RepositoryStatus {
  /** Under whose rights it starts things: who wrote it last. */
  readonly owner: Pick<Actor, 'id' | 'name' | 'kind'>
}

export type Repository = Resource<RepositoryProperties, RepositoryStatus>
export const asRepository = (resource: Resource): Repository => resource as unknown as Repository

export const ownerOf = ({ status }: Repository): Actor => ({ ...status.owner, confinedTo: '' })
export const rulesOf = ({ properties }: Pick<Repository, 'properties'>): readonly Rule[] =>
  rulesSchema.parse(properties.rules ?? [])
export const addressIn = ({ url }: Pick<RepositoryProperties, 'url'>): Address | undefined => addressOf(url)

/** What kind of host it is at; undefined where neither the words nor the address say. */
export function hostOf({ host, url }: Pick<RepositoryProperties, 'host' | 'url'>): HostKind | undefined {
  const address = addressOf(url)
  return host ?? (address === undefined ? undefined : hostKindOf(address))
}
