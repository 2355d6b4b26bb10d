import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
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
import { IconSend } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Failure, Loading } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { duration } from '../../../words/time.ts'
import { exampleRow, requestFields, requestOf, type RequestField, type Row } from './request-fields.ts'
import style from '../endpoints.module.css'

/** A place to ask the endpoint: a form made from the model's signature, or JSON. */
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
  const fields = requestFields(description.data)
  return (
    <Console
      key={`${asked?.id ?? ''} ${asked?.properties.model ?? ''}`}
      endpoint={endpoint}
      deployments={deployments}
      forced={forced}
      onForced={setForced}
      fields={fields}
      first={exampleRow(example.data) ?? {}}
    />
  )
}

function Console({
  endpoint,
  deployments,
  forced,
  onForced,
  fields,
  first,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
  readonly forced: string | null
  readonly onForced: (name: string | null) => void
  readonly fields: readonly RequestField[] | undefined
  readonly first: Row
}) {
  const can = useCan(endpoint.id)
  const [way, setWay] = useState(fields === undefined ? 'json' : 'form')
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries((fields ?? []).map(({ name }) => [name, textOf(first[name])])),
  )
  const [json, setJson] = useState(() =>
    JSON.stringify(fields === undefined ? { input_data: [first] } : requestOf(fields, texts), null, 2),
  )
  const ask = useMutation({
    mutationFn: () =>
      score(
        endpoint.id,
        way === 'form' && fields !== undefined ? requestOf(fields, texts) : parse(json),
        forced ?? undefined,
      ),
  })
  const change = (next: string) => {
    if (next === 'json' && fields !== undefined) setJson(JSON.stringify(requestOf(fields, texts), null, 2))
    setWay(next)
  }
  return (
    <div className={style.console}>
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
              onChange={change}
              data={[
                { value: 'form', label: 'Form', disabled: fields === undefined },
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
            ask.mutate()
          }}
        >
          {way === 'form' && fields !== undefined ? (
            <div className={style.form}>
              {fields.map((field) => (
                <TextInput
                  key={field.name}
                  label={field.name}
                  description={field.kind}
                  value={texts[field.name] ?? ''}
                  placeholder={field.required ? '' : 'missing'}
                  {...(field.kind === 'number' || field.kind === 'integer'
                    ? { inputMode: 'decimal' as const }
                    : {})}
                  onChange={(event) => setTexts({ ...texts, [field.name]: event.currentTarget.value })}
                />
              ))}
            </div>
          ) : (
            <Code text={json} language="json" onChange={setJson} label="Request as JSON" height={360} />
          )}
          <div>
            {can('onlineEndpoints/score/action') ? (
              <Button type="submit" leftSection={<IconSend size={14} />} loading={ask.isPending}>
                Send
              </Button>
            ) : (
              <Act label="Send" allowed={false} onClick={() => {}} />
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
    </div>
  )
}

function Answered({ scored }: { readonly scored: Scored }) {
  const { status, durationMs, deployment, requestId, answer } = scored
  return (
    <div className={style.answer} aria-live="polite">
      <div className={style.answerHead}>
        <Status kind="verdict" state={status < 400 ? 'passed' : 'failed'} note={String(status)} />
        <span className="tabular">{duration(durationMs)}</span>
        {deployment === null ? null : <span>by {deployment}</span>}
        {requestId === null ? null : <span className="mono muted">request {requestId}</span>}
      </div>
      <Code text={JSON.stringify(answer, null, 2)} language="json" label="Answer as JSON" />
    </div>
  )
}

const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`The request is not JSON: ${(error as Error).message}.`, { cause: error })
  }
}
