import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Body } from '../../../../src/cli/present/present.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord, type Search } from '../../frame/search.ts'
import { makeKindOf, makeKinds, type MakeKindName } from '../../parts/make-kinds.ts'
import { Answer, Empty } from '../../parts/states.tsx'
import { Editing } from './editing.tsx'
import { withValue } from './forms/edit.ts'
import { templateOf, textOf } from './start.ts'

/** The editor: something new of a kind (from `text`, where another page has begun it), a copy of what there is (`from`), or a change to it (`id`). */
export function Opened() {
  const { kind: word = '' } = useParams({ strict: false })
  const [id] = useSearchWord('id')
  const [from] = useSearchWord('from')
  const words = useSearch({ strict: false, select: (search: Search) => search })
  const [text] = useSearchWord('text')
  const kind = makeKindOf(word)
  if (kind === undefined)
    return (
      <Empty title={`There is no kind of thing called ${word}`}>
        What can be made here: {Object.keys(makeKinds).join(', ')}.
      </Empty>
    )
  const there = id || from
  const begun = text === '' ? templateOf(kind) : text
  if (there === '')
    return <Editing key={`${kind} ${text}`} kind={kind} initial={preset(begun, words)} begun={text} />
  return <OfResource key={`${kind} ${there}`} kind={kind} id={there} isCopy={id === ''} />
}

function OfResource({
  kind,
  id,
  isCopy,
}: {
  readonly kind: MakeKindName
  readonly id: string
  readonly isCopy: boolean
}) {
  // What somebody edits does not change under their hands: others' changes are told of when it is saved.
  const query = useQuery({
    queryKey: ['make', kind, id, isCopy],
    queryFn: async ({ client }) => {
      const body = (await client.fetchQuery({ ...resourceQuery(id), staleTime: 0 })) as unknown as Body
      return { body, text: await textOf(kind, body, isCopy) }
    },
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Answer query={query}>
      {({ body, text }) => <Editing kind={kind} initial={text} {...(isCopy ? {} : { before: body })} />}
    </Answer>
  )
}

/** A text with what the address says of it: `?set.endpoint_name=flights`. */
const preset = (text: string, words: Search): string =>
  Object.entries(words)
    .filter((entry): entry is [string, string] => entry[0].startsWith('set.') && entry[1] !== undefined)
    .reduce((changed, [name, value]) => withValue(changed, name.split('.').slice(1), value), text)
