import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker, useRouter } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Body } from '../../../../src/cli/present/present.ts'
import { useCan, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Code } from '../../parts/code/code.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { makeKinds, type MakeKindName } from '../../parts/make-kinds.ts'
import { Columns, Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { askNothing } from './documents/ask.ts'
import { documents } from './documents/documents.ts'
import { browserReach } from './documents/reach.ts'
import { NotSaved, save } from './documents/save.ts'
import { useDraft } from './draft.ts'
import { Problems } from './problems.tsx'
import { usePlaceOf } from './saved-place.ts'
import { useReading } from './use-reading.ts'

/** A document, as text, until it is saved. */
export function Editing({
  kind,
  initial,
  before,
}: {
  readonly kind: MakeKindName
  readonly initial: string
  /** What is there now, where that is changed. */
  readonly before?: Body
}) {
  const { title, operation, noun } = makeKinds[kind]
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const router = useRouter()
  const placeOf = usePlaceOf(kind)
  const document = documents[kind]
  const may = useCan(before?.id)(operation)
  const draft = useDraft(`${workspace.id} ${kind} ${before?.id ?? ''}`, initial)
  const [files] = useState<ReadonlyMap<string, File>>(new Map())
  const reach = useMemo(() => browserReach(files, askNothing), [files])
  const file = `${kind}.yml`
  const reading = useReading(draft.text, { shapes: document.shapes, reach, file })
  const saving = useMutation({
    mutationFn: async () => {
      if (reading === undefined) throw new NotSaved('It is still being read.')
      return save({ workspaceId: workspace.id, reading, kind: document, before, files })
    },
    async onSuccess(saved) {
      draft.drop()
      tell(before === undefined ? `The ${title} is made` : `The ${title} is changed`)
      await queries.invalidateQueries()
      await router.navigate({ to: placeOf(saved) as '/', ignoreBlocker: true })
    },
  })
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => draft.isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  })
  const refused = saving.error instanceof NotSaved ? saving.error.problems : []
  const problems = [...(reading?.problems ?? []), ...refused]
  const name = before?.name ?? ''
  return (
    <Page
      title={before === undefined ? `New ${title}` : `Edit ${name}`}
      meta={<span>{before === undefined ? '' : title}</span>}
      actions={
        <>
          <Button variant="default" onClick={() => router.history.back()}>
            Cancel
          </Button>
          <Act
            label={before === undefined ? `Create ${title}` : 'Save'}
            allowed={may}
            loading={saving.isPending}
            onClick={() => saving.mutate()}
          />
          <Equivalents
            cli={[{ what: 'The same from a file', command: `twinloop ${noun} create -f ${file}` }]}
            rest={[]}
          />
        </>
      }
    >
      <Columns wide>
        <Panel title={file} flush>
          <Code
            text={draft.text}
            language="yaml"
            onChange={draft.set}
            label={`${title} as YAML`}
            height={560}
          />
        </Panel>
        <Stack>
          <Problems problems={problems} error={saving.error} />
        </Stack>
      </Columns>
      {blocker.status === 'blocked' ? (
        <Confirm
          title="Leave without saving?"
          verb="Leave"
          danger
          onDone={async () => {
            draft.drop()
            blocker.proceed()
          }}
          onClose={() => blocker.reset()}
        >
          <p>What you typed is not saved.</p>
        </Confirm>
      ) : null}
    </Page>
  )
}
