import { ActionIcon, Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import { parse, stringify } from 'yaml'
import { IconX } from '../../../../parts/icons.ts'
import { actionKind, actionStarts } from './conditions.ts'
import { at, readList, writeList, type Words } from './draft.ts'
import { Word, type Editing } from './fields.tsx'
import style from '../../alerts.module.css'

/** What the rule does when it fires: each action by its kind, and what it is told. */
export function ActionsForm({ editing }: { readonly editing: Editing }) {
  const listed = editing.words['actions']
  const actions: readonly unknown[] = Array.isArray(listed) ? listed : []
  const put = (next: readonly unknown[]) => editing.set(['actions'], next.length === 0 ? undefined : next)
  return (
    <div className={style.form}>
      {actions.map((action, i) => {
        const kind = actionKind(action)
        return (
          // Actions have no names: their place is what they are.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={`${i} ${kind}`} className={style.action}>
            <div className={style.form}>
              <strong>{kind}</strong>
              {kind === 'notify' ? <Notify editing={editing} i={i} /> : null}
              {kind === 'retrain' ? <Retrain editing={editing} i={i} /> : null}
              {kind === 'notify' || kind === 'retrain' ? null : (
                <Parameters editing={editing} i={i} kind={kind} />
              )}
            </div>
            <ActionIcon
              variant="default"
              aria-label={`Take ${kind} away`}
              onClick={() => put(actions.filter((_, place) => place !== i))}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        )
      })}
      <Select
        aria-label="Add an action"
        placeholder="Add an action…"
        data={Object.keys(actionStarts)}
        value={null}
        onChange={(kind) => {
          if (kind !== null) put([...actions, actionStarts[kind]])
        }}
      />
    </div>
  )
}

interface Of {
  readonly editing: Editing
  readonly i: number
}

const Notify = ({ editing, i }: Of) => (
  <div className={style.row}>
    <Word
      label="Mail"
      description="addresses, …"
      editing={editing}
      path={['actions', i, 'notify', 'email']}
      read={readList}
      write={writeList}
    />
    <Word
      label="Connections"
      description="names of webhooks, …"
      editing={editing}
      path={['actions', i, 'notify', 'webhook']}
      read={readList}
      write={writeList}
    />
  </div>
)

function Retrain({ editing, i }: Of) {
  const job = at(editing.words, ['actions', i, 'retrain', 'job'])
  return (
    <>
      {typeof job === 'object' ? (
        <p className="muted">By the job that stands in the YAML.</p>
      ) : (
        <Word
          label="Job"
          description="azureml:NAME of a job or component, or schedule:NAME"
          editing={editing}
          path={['actions', i, 'retrain', 'job']}
        />
      )}
      <Word
        label="Then"
        description="release, or nothing"
        editing={editing}
        path={['actions', i, 'then']}
        completions={['release']}
      />
    </>
  )
}

/** What an action is told, as YAML: each kind has words of its own, which its page in the documentation lists. */
function Parameters({ editing, i, kind }: Of & { readonly kind: string }) {
  const value = at(editing.words, ['actions', i, kind])
  const [text, setText] = useState(() => (value == null || isEmpty(value) ? '' : stringify(value)))
  const [error, setError] = useState<string>()
  return (
    <Textarea
      aria-label={`What ${kind} is told`}
      description="as YAML; docs/actions.md has its words"
      value={text}
      error={error}
      onChange={(event) => {
        const next = event.currentTarget.value
        setText(next)
        try {
          const read = (parse(next) ?? {}) as unknown
          setError(undefined)
          editing.set(['actions', i], { ...restOf(editing.words, i, kind), [kind]: read })
        } catch (failure) {
          setError((failure as Error).message.split('\n')[0])
        }
      }}
      autosize
      minRows={2}
      styles={{ input: { fontFamily: 'var(--mono)' } }}
    />
  )
}

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** What stands beside the word of an action: `then`. */
const restOf = (words: Words, i: number, kind: string): Words => {
  const action = at(words, ['actions', i])
  const own = typeof action === 'object' && action !== null ? (action as Words) : {}
  return Object.fromEntries(Object.entries(own).filter(([word]) => word !== kind))
}
