import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import type { Json } from '../../client/client.ts'
import type { Infer } from '../../yaml/shape.ts'
import type { kinds } from '../../yaml/kinds.ts'
import { encode, fileFlag, optionalName, setFlag } from '../verbs.ts'
import type { Noun } from '../verbs.ts'

type Kind = 'connection' | 'datastore'

/** `create`, for what one file says whole: it is checked, and put under its name. */
export function createCommand<K extends Kind>(
  noun: Noun,
  of: {
    readonly kind: K
    readonly summary: string
    readonly examples: readonly string[]
    /** What makes the request's body, loaded when it is needed. */
    readonly body: () => Promise<(value: Infer<(typeof kinds)[K]>) => Json>
  },
): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'create',
    summary: of.summary,
    flags: { file: { ...fileFlag, required: true }, name: optionalName, set: setFlag },
    table: noun.table,
    examples: of.examples,
    async run({ flags, io, client }) {
      const { readAsset } = await import('../../submit/asset.ts')
      const { nameOf } = await import('../targets.ts')
      const { value } = await readAsset(client, io, flags, of.kind)
      const body = await of.body()
      const api = await client()
      const path = `/${noun.type}/${encode(nameOf((value as { name?: string }).name, noun))}`
      return noun.present(await api.put<Body>(path, body(value)))
    },
  })
}
