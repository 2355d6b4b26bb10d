import { Button, SegmentedControl } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import type { Body } from '../../../../src/cli/present/present.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, useWorkspace } from '../../frame/workspace.ts'
import { Act } from '../../parts/act.tsx'
import type { EditorHandle } from '../../parts/code/editor.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { makeKinds, type MakeKindName } from '../../parts/make-kinds.ts'
import { Columns, Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Beside, isTried } from './beside/beside.tsx'
import { asking } from './documents/ask.ts'
import { clientOf } from './documents/client.ts'
import { shapesOf } from './documents/shapes.ts'
import { browserReach } from './documents/reach.ts'
import { useDraft } from './saving/draft.ts'
import { Files } from './files.tsx'
import { Leaving } from './saving/leaving.tsx'
import { Problems } from './problems.tsx'
import { Review } from './saving/review.tsx'
import { useLanguage } from './language/use-language.ts'
import { useReading } from './language/use-reading.ts'
import { useSaving } from './saving/use-saving.ts'
import { AsForm, AsText, hasForm } from './views.tsx'

/** A document, as a form and as text, until it is saved. */
export function Editing({
  kind,
  initial,
  before,
  begun = '',
}: {
  readonly kind: MakeKindName
  readonly initial: string
  /** What another page has begun it with: a draft of its own. */
  readonly begun?: string
  /** What is there now, where that is changed. */
  readonly before?: Body
}) {
  const { title, operation, noun } = makeKinds[kind]
  const workspace = useWorkspace()
  const router = useRouter()
  const may = useCan(before?.id)(operation)
  const draft = useDraft(`${workspace.id} ${kind} ${before?.id ?? ''} ${begun}`, initial)
  const [files, setFiles] = useState<ReadonlyMap<string, File>>(new Map())
  const [isReviewed, setReviewed] = useState(false)
  const [as, setAs] = useSearchWord('as', hasForm(kind) ? (isTried(kind) ? 'both' : 'form') : 'yaml')
  const reach = useMemo(() => browserReach(files, asking(clientOf(workspace.id))), [files, workspace.id])
  const file = `${kind}.yml`
  const shapes = shapesOf[kind]
  const reading = useReading(draft.text, { shapes, reach, file })
  const saving = useSaving({ kind, draft, before, files, reach, file })
  const { refused } = saving
  const problems = useMemo(
    () => [...(reading?.problems ?? []), ...refused.filter(({ source }) => source.text === draft.text)],
    [reading, refused, draft.text],
  )
  const language = useLanguage(kind, reading, reach, problems)
  const editor = useRef<EditorHandle>(null)
  const onFile = (path: string, chosen: File) => setFiles((before) => new Map(before).set(path, chosen))
  const text = (
    <AsText kind={kind} draft={draft} language={language} editor={editor} isShort={as === 'both'} />
  )
  return (
    <Page
      title={before === undefined ? `New ${title}` : `Edit ${before.name ?? ''}`}
      meta={<span>{before === undefined ? `in ${workspace.name}` : title}</span>}
      actions={
        <>
          {hasForm(kind) ? (
            <SegmentedControl
              aria-label="Shown as"
              size="xs"
              data={[
                { value: 'form', label: 'Form' },
                { value: 'both', label: 'Both' },
                { value: 'yaml', label: 'YAML' },
              ]}
              value={as}
              onChange={(next) => setAs(next)}
            />
          ) : null}
          <Button variant="default" onClick={() => router.history.back()}>
            Cancel
          </Button>
          <Act
            label={before === undefined ? `Create ${title}` : 'Review and save'}
            allowed={may && (before === undefined || draft.isChanged)}
            {...(may ? { reason: 'Nothing has changed yet.' } : {})}
            loading={saving.isPending}
            onClick={() => (before === undefined ? saving.save() : setReviewed(true))}
          />
          <Equivalents
            cli={[
              { what: 'The same from a file', command: `twinloop ${noun} create -f ${file}` },
              ...(further[kind]?.(file) ?? []),
            ]}
            rest={before?.id === undefined ? [] : [{ method: 'PUT', path: before.id }]}
          />
        </>
      }
    >
      <Columns wide={!isTried(kind)}>
        <Panel title={as === 'yaml' ? file : title} flush>
          {as === 'yaml' ? (
            text
          ) : (
            <AsForm
              kind={kind}
              draft={draft}
              language={language}
              reading={reading}
              isNew={before === undefined}
              files={files}
              onFile={onFile}
            />
          )}
        </Panel>
        <Stack>
          <Beside kind={kind} reading={reading} isNew={before === undefined} />
          {as === 'both' ? (
            <Panel title={file} subtitle="the same: what is changed here, the form shows" flush>
              {text}
            </Panel>
          ) : null}
          <Problems
            problems={problems}
            error={saving.error}
            onReload={saving.isConflict ? () => globalThis.location.reload() : undefined}
            onMend={({ source, range }, better) => {
              if (range !== undefined && source.text === draft.text)
                draft.set(draft.text.slice(0, range[0]) + better + draft.text.slice(range[1]))
            }}
            onGo={(offset) => {
              if (as === 'form') setAs('yaml', 'replace')
              // The text may have to be drawn first.
              setTimeout(() => editor.current?.goTo(offset), 60)
            }}
          />
          {draft.isRestored && draft.isChanged ? (
            <Panel title="Not saved yet">
              <p>This is what you typed here before.</p>
              <Button size="xs" variant="default" mt={8} onClick={draft.drop}>
                Begin anew
              </Button>
            </Panel>
          ) : null}
          {as === 'yaml' && ['data', 'model'].includes(kind) ? <Files files={files} onFile={onFile} /> : null}
        </Stack>
      </Columns>
      {isReviewed ? (
        <Review
          title={before?.name ?? title}
          before={initial}
          after={draft.text}
          onSave={saving.save}
          onClose={() => setReviewed(false)}
        />
      ) : null}
      <Leaving draft={draft} />
    </Page>
  )
}

/** What else the command line does with such a file. */
const further: Partial<
  Record<MakeKindName, (file: string) => readonly { readonly what: string; readonly command: string }[]>
> = {
  'alert-rule': (file) => [{ what: 'Tries it on the past', command: `twinloop alert test -f ${file}` }],
  'online-deployment': (file) => [
    {
      what: 'And sends it all requests once it is up',
      command: `twinloop online-deployment create -f ${file} --all-traffic`,
    },
  ],
}
