import { defineCommand } from '../define-command.ts'
import { usage } from '../failure.ts'
import { clean } from '../present/present.ts'

interface Found {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly properties: { readonly displayName?: string | null }
  readonly systemData: { readonly createdAt: string }
}

export const search = defineCommand({
  noun: '',
  verb: 'search',
  summary: 'Finds things of the workspace by words of their names.',
  flags: {
    kinds: { type: 'words', placeholder: 'KIND', summary: 'Only these: models, data, jobs, …' },
    top: { type: 'integer', placeholder: 'N', summary: 'So many of each kind. Default 8.' },
  },
  words: { placeholder: 'TEXT…', summary: 'Words that the name or the display name has.', required: true },
  table: { Kind: 'kind', Name: 'name', DisplayName: 'display_name', Created: 'created_at' },
  examples: ['twinloop search flight delay -o table', 'twinloop search heron --kinds jobs --top 20'],
  async run({ flags, words, client }) {
    const text = words.join(' ').trim()
    if (text === '') throw usage('what is to be found?', 'twinloop search flight')
    const { value } = await (
      await client()
    ).post<{ readonly value: readonly Found[] }>('/search', {
      text,
      ...(flags.kinds.length === 0 ? {} : { kinds: flags.kinds }),
      ...(flags.top === undefined ? {} : { top: flags.top }),
    })
    return value.map(({ id, name, type, properties, systemData }) =>
      clean({
        kind: type.split('/').at(-1),
        name,
        display_name: properties.displayName ?? undefined,
        created_at: systemData.createdAt,
        id,
      }),
    )
  },
})
