import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import {
  descriptionQuery,
  score,
  type Deployment,
  type Endpoint,
  type Scored,
} from '../../../api/endpoints.ts'
import { exampleQuery } from '../../../api/models.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Code } from '../../../parts/code/code.tsx'
import { IconPlus, IconSend } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Failure, Loading } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { plural } from '../../../words/names.ts'
import { duration } from '../../../words/time.ts'
import { mostRows, type TakenRows } from './pasted-rows.ts'
import {
  exampleRows,
  requestFields,
  requestOf,
  rowsIn,
  textsOf,
  type RequestField,
  type Row,
  type Texts,
} from './request-fields.ts'
import { answersOf, refusalOf } from './row-answers.ts'
import { RowsEditor } from './rows-editor.tsx'
import style from '../endpoints.module.css'
import own from './test.module.css'

const TakeRows = lazy(async () => ({ default: (await import('./take-rows.tsx')).TakeRows }))

/** A place to ask the endpoint: one row as a form made from the model's signature, several as a table, or JSON. */
export function TestConsole({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const workspace = useWorkspace()
  const heaviest = Object.entries(endpoint.properties.traffic ?? {}).toSorted(([, a], [, b]) => b - a)[0]?.[0]
  const [forced, setForced] = useState<string | null>(null)
  const asked = deployments.find(({ name }) => name === (forced ?? heaviest)) ?? deployments[0]
  const description = useQuery(descriptionQuery(endpoint.id, forced ?? undefined))
  const example = useQuery(exampleQuery(workspace, asked?.properties.model))
  if (description.isPending || example.isPending) return <Loading rows={8} />
  return (
    <Console
      key={`${asked?.id ?? ''} ${asked?.properties.model ?? ''}`}
      endpoint={endpoint}
      deployments={deployments}
      asked={asked}
      forced={forced}
      onForced={setForced}
      fields={requestFields(description.data)}
      examples={exampleRows(example.data)}
    />
  )
}

type Way = 'form' | 'rows' | 'json'

function Console({
  endpoint,
  deployments,
  asked,
  forced,
  onForced,
  fields,
  examples,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
  readonly asked: Deployment | undefined
  readonly forced: string | null
  readonly onForced: (name: string | null) => void
  readonly fields: readonly RequestField[] | undefined
  readonly examples: readonly Row[]
}) {
  const can = useCan(endpoint.id)
  const [way, setWay] = useState<Way>(fields === undefined ? 'json' : 'form')
  const [rows, setRows] = useState<readonly Texts[]>(() => [textsOf(fields ?? [], examples[0] ?? {})])
  const [notes, setNotes] = useState<readonly string[]>([])
  const [isTaking, setTaking] = useState(false)
  const [json, setJson] = useState(() => JSON.stringify({ input_data: examples.slice(0, 1) }, null, 2))
  const ask = useMutation({
    mutationFn: (of: readonly Texts[] | string) =>
      score(
        endpoint.id,
        typeof of === 'string' ? parse(of) : requestOf(fields ?? [], of),
        forced ?? undefined,
      ),
  })
  const change = (next: Way) => {
    if (fields !== undefined && next === 'json') setJson(JSON.stringify(requestOf(fields, rows), null, 2))
    if (fields !== undefined && way === 'json') {
      const written = rowsIn(json, fields)
      if (written !== undefined) setRows(written)
      if (next === 'form' && (written ?? rows).length > 1) return setWay('rows')
    }
    setWay(next)
  }
  const take = ({ rows: taken, notes: said }: TakenRows) => {
    if (taken.length > 0) setRows(taken)
    setNotes(taken.length > 0 ? said : ['No rows were found in it.'])
    setWay('rows')
  }
  // What was answered is of what was sent: once something is changed it is nobody's answer any more.
  const results = ask.data !== undefined && ask.variables === rows ? resultsOf(ask.data, rows.length) : {}
  const first = rows[0] ?? {}
  const send = can('onlineEndpoints/score/action') ? (
    <Button type="submit" leftSection={<IconSend size={14} />} loading={ask.isPending}>
      {way === 'rows' && rows.length > 1 ? `Send ${plural(rows.length, 'row')}` : 'Send'}
    </Button>
  ) : (
    <Act label="Send" allowed={false} onClick={() => {}} />
  )
  return (
    <div className={way === 'rows' ? own.stack : style.console}>
      <Panel
        title="Request"
        actions={
          <>
            <Select
              aria-label="Deployment"
              placeholder="By traffic"
              clearable
              clearButtonProps={{ 'aria-label': 'By traffic' }}
              data={deployments.map(({ name }) => name)}
              value={forced}
              onChange={onForced}
              w={130}
            />
            <SegmentedControl
              aria-label="Way to write it"
              value={way}
              onChange={(value) => change(value)}
              data={[
                { value: 'form', label: 'Form', disabled: fields === undefined || rows.length > 1 },
                { value: 'rows', label: 'Rows', disabled: fields === undefined },
                { value: 'json', label: 'JSON' },
              ]}
            />
          </>
        }
      >
        <form
          className={style.answer}
          onSubmit={(event) => {
            event.preventDefault()
            ask.mutate(way === 'json' || fields === undefined ? json : rows)
          }}
        >
          {way === 'json' || fields === undefined ? (
            <Code text={json} language="json" onChange={setJson} label="Request as JSON" height={360} />
          ) : way === 'rows' ? (
            <RowsEditor fields={fields} rows={rows} results={results} onRows={setRows} onTaken={take} />
          ) : (
            <div className={style.form}>
              {fields.map((field) => (
                <TextInput
                  key={field.name}
                  label={field.name}
                  description={field.kind}
                  value={first[field.name] ?? ''}
                  placeholder={field.required ? '' : 'missing'}
                  {...(field.kind === 'number' || field.kind === 'integer'
                    ? { inputMode: 'decimal' as const }
                    : {})}
                  onChange={(event) => setRows([{ ...first, [field.name]: event.currentTarget.value }])}
                />
              ))}
            </div>
          )}
          {notes.length === 0 || way !== 'rows' ? null : (
            <div className={own.notes}>
              {notes.map((note) => (
                <p key={note}>{note}</p>
              ))}
            </div>
          )}
          <div className={own.row}>
            {send}
            {fields === undefined || way === 'json' ? null : (
              <>
                <Button
                  variant="default"
                  leftSection={<IconPlus size={14} />}
                  disabled={rows.length >= mostRows}
                  onClick={() => {
                    setRows([...rows, textsOf(fields, examples[rows.length] ?? rows.at(-1) ?? {})])
                    setWay('rows')
                  }}
                >
                  Add row
                </Button>
                {asked === undefined ? null : (
                  <Button variant="default" onClick={() => setTaking(true)}>
                    Take rows…
                  </Button>
                )}
              </>
            )}
          </div>
        </form>
      </Panel>
      <Panel title="Answer">
        {ask.error !== null ? (
          <Failure error={ask.error} />
        ) : ask.data === undefined ? (
          <p className="muted">
            What the endpoint answers stands here. It is asked through the gateway as any client would ask,
            and counts in its figures.
          </p>
        ) : (
          <Answered scored={ask.data} />
        )}
      </Panel>
      {isTaking && asked !== undefined && fields !== undefined ? (
        <Suspense>
          <TakeRows fields={fields} deployment={asked} onTaken={take} onClose={() => setTaking(false)} />
        </Suspense>
      ) : null}
    </div>
  )
}

const resultsOf = ({ status, answer }: Scored, rows: number) =>
  status < 400 ? { answers: answersOf(answer, rows) } : { refused: refusalOf(answer) }

function Answered({ scored }: { readonly scored: Scored }) {
  const { status, durationMs, deployment, requestId, answer } = scored
  return (
    <div className={style.answer} aria-live="polite">
      <div className={style.answerHead}>
        <Status kind="verdict" state={status < 400 ? 'passed' : 'failed'} note={String(status)} />
        <span className="tabular">in {duration(durationMs)}</span>
        {deployment === null ? null : <span>by {deployment}</span>}
        {requestId === null ? null : <span className="mono muted">request {requestId}</span>}
      </div>
      <Code text={JSON.stringify(answer, null, 2)} language="json" label="Answer as JSON" />
    </div>
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`The request is not JSON: ${(error as Error).message}.`, { cause: error })
  }
}
