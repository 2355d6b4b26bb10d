import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Body } from '../../../../../src/cli/present/present.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import type { Reach } from '../../../../../src/cli/yaml/source.ts'
import { parseSearch } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { tell } from '../../../parts/act.tsx'
import { makeKinds, type MakeKindName } from '../../../parts/make-kinds.ts'
import { readDocument } from '../documents/read.ts'
import { NotSaved } from '../documents/not-saved.ts'
import { shapesOf } from '../documents/shapes.ts'
import type { Draft } from './draft.ts'
import { usePlaceOf } from './saved-place.ts'

const none: readonly Problem[] = []

/** Saves what is typed, and goes to where it is shown; tells what stands against it. */
export function useSaving({
  kind,
  draft,
  before,
  files,
  reach,
  file,
}: {
  readonly kind: MakeKindName
  readonly draft: Draft
  readonly before: Body | undefined
  readonly files: ReadonlyMap<string, File>
  readonly reach: Reach
  readonly file: string
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const router = useRouter()
  const placeOf = usePlaceOf(kind)
  const { title } = makeKinds[kind]
  const { mutate, error, isPending } = useMutation({
    async mutationFn() {
      const reading = await readDocument(draft.text, shapesOf[kind], reach, file)
      // How things are written is loaded when something is.
      const [{ save }, { documents }] = await Promise.all([
        import('../documents/save.ts'),
        import('../documents/documents.ts'),
      ])
      return save({ workspaceId: workspace.id, reading, kind: documents[kind], before, files })
    },
    async onSuccess(saved) {
      draft.drop()
      tell(
        before === undefined ? `The ${title} ${saved.name ?? ''} is made` : `${saved.name ?? ''} is changed`,
      )
      await queries.invalidateQueries()
      const [path = '', query = ''] = placeOf(saved).split('?')
      await router.navigate({ to: path as '/', search: parseSearch(query) as never, ignoreBlocker: true })
    },
  })
  const notSaved = error instanceof NotSaved ? error : undefined
  return {
    save: () => mutate(),
    isPending,
    error,
    refused: notSaved?.problems ?? none,
    isConflict: notSaved?.isConflict === true && before !== undefined,
  }
}
