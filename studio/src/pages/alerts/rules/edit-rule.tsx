import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { putRule, rulesPath } from '../../../api/alerts/rules.ts'
import type { AlertRule, AlertRuleProperties } from '../../../api/alerts/rules.ts'
import { resourceQuery } from '../../../api/queries.ts'
import type { Search } from '../../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell } from '../../../parts/act.tsx'
import { Code } from '../../../parts/code/code.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { ActionsForm } from './editor/actions-form.tsx'
import { ConditionForm } from './editor/condition-form.tsx'
import { newRule } from './editor/conditions.ts'
import { edited, readDraft, readPairs, textOf, writePairs, type Draft } from './editor/draft.ts'
import { Choice, Word, type Editing } from './editor/fields.tsx'
import { Preview } from './editor/preview.tsx'
import { ruleInWords } from './rule-words.ts'
import style from './edit-rule.module.css'

/**
 * A new rule, by a form beside its YAML, with what it would have done in the past. Pages that lead here may say what it
 * begins with: a whole YAML, as `text` in the address.
 */
export function NewRule() {
  const text = useSearch({ strict: false, select: (search: Search) => search['text'] })
  return <Editor start={text ?? newRule} />
}

/** A rule that is there, as it is written. */
export function EditRule() {
  const { rule = '' } = useParams({ strict: false })
  const query = useQuery(resourceQuery<AlertRuleProperties>(`${rulesPath(useWorkspace())}/${rule}`))
  return (
    <Answer query={query}>
      {(found: AlertRule) => <Editor start={textOf(found.name, found.properties)} rule={found} />}
    </Answer>
  )
}

function Editor({ start, rule }: { readonly start: string; readonly rule?: AlertRule }) {
  const workspace = useWorkspace()
  const [text, setText] = useState(start)
  const draft = useMemo(() => readDraft(text), [text])
  const title = rule === undefined ? 'New alert rule' : `Edit ${rule.name}`
  return (
    <Page
      title={title}
      actions={
        <>
          <Save draft={draft} rule={rule} />
          <Equivalents
            cli={[
              { what: 'Tries it on the past', command: 'twinloop alert test -f rule.yml' },
              {
                what: 'Keeps it',
                command: `twinloop alert-rule ${rule === undefined ? 'create' : 'update'} -f rule.yml`,
              },
            ]}
            rest={[
              { method: 'POST', path: `${rulesPath(workspace)}/draft/test` },
              { method: 'PUT', path: `${rulesPath(workspace)}/${draft.name || 'NAME'}` },
            ]}
          />
        </>
      }
    >
      <div className={style.editor}>
        <Form draft={draft} text={text} onText={setText} isNew={rule === undefined} />
        <Stack>
          <Preview draft={draft} />
          <Panel title="YAML" subtitle="the same rule: what is changed here, the form shows">
            <Code text={text} language="yaml" onChange={setText} label="The rule as YAML" />
            <Mistakes draft={draft} />
          </Panel>
        </Stack>
      </div>
    </Page>
  )
}

function Form({
  draft,
  text,
  onText,
  isNew,
}: {
  readonly draft: Draft
  readonly text: string
  readonly onText: (text: string) => void
  readonly isNew: boolean
}) {
  const { words } = draft
  if (words === undefined)
    return (
      <Panel title="The rule">
        <p className="muted">The form is here again when the YAML can be read.</p>
      </Panel>
    )
  const editing: Editing = { words, set: (path, value) => onText(edited(text, path, value)) }
  const named: Editing = { words: { name: draft.name }, set: editing.set }
  const said = ruleInWords(words)?.[0]
  return (
    <Stack>
      <Panel title="When it fires">
        <div className={style.fields}>
          {isNew ? <Word label="Name" editing={named} path={['name']} read={(name) => name.trim()} /> : null}
          <ConditionForm editing={editing} />
          <div className={style.pair}>
            <Word label="Has to hold for" editing={editing} path={['when', 'for']} placeholder="at once" />
            <Word
              label="Keeps firing for"
              editing={editing}
              path={['when', 'keep_firing_for']}
              placeholder="0s"
            />
          </div>
          {said === undefined ? null : <p className="muted">{said}</p>}
        </div>
      </Panel>
      <Panel title="What it says">
        <div className={style.fields}>
          <div className={style.pair}>
            <Word
              label="Severity"
              editing={editing}
              path={['severity']}
              completions={['info', 'warning', 'page']}
            />
            <Word label="Looked at every" editing={editing} path={['every']} placeholder="1m" />
          </div>
          <Choice
            label="Where nothing is measured"
            editing={editing}
            path={['no_data']}
            options={[
              { value: 'keep', label: 'it stays as it is' },
              { value: 'ok', label: 'it is over' },
              { value: 'alert', label: 'it fires' },
            ]}
          />
          <Word
            label="Labels"
            description="for routing and silences: label=value, …"
            editing={editing}
            path={['labels']}
            read={readPairs}
            write={writePairs}
          />
          <Word
            label="Runbook"
            description="an address; {{ labels.NAME }} and {{ value }} are filled in"
            editing={editing}
            path={['annotations', 'runbook_url']}
          />
        </div>
      </Panel>
      <Panel title="What it does">
        <div className={style.fields}>
          <ActionsForm editing={editing} />
          <Word
            label="Cool-down"
            description="not done again for the same alert within this time"
            editing={editing}
            path={['cool_down']}
            placeholder="none"
          />
        </div>
      </Panel>
    </Stack>
  )
}

function Mistakes({ draft: { mistakes } }: { readonly draft: Draft }) {
  if (mistakes.length === 0) return null
  return (
    <div role="status" aria-label="What is wrong">
      <ul className={style.mistakes}>
        {mistakes.map(({ message, line }) => (
          <li key={`${line} ${message}`}>
            {line === undefined ? '' : `line ${line}: `}
            {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Save({ draft, rule }: { readonly draft: Draft; readonly rule: AlertRule | undefined }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const can = useCan(rule?.id)
  const [problem, setProblem] = useState<string>()
  const save = useMutation({
    mutationFn: () => putRule(`${rulesPath(workspace)}/${draft.name}`, draft.words ?? {}, rule?.etag),
    onSuccess: async () => {
      tell(rule === undefined ? `${draft.name} is looked at from now on` : `${draft.name} was changed`)
      await queries.invalidateQueries({ queryKey: ['arm'] })
      await navigate({ to: to.alertRule(draft.name) as '/' })
    },
    onError: (error) => setProblem(error.message),
  })
  const mistake =
    rule !== undefined && draft.name !== rule.name
      ? { message: `A rule keeps its name: this one is ${rule.name}.` }
      : draft.mistakes[0]
  const back = rule === undefined ? to.alertRules : to.alertRule(rule.name)
  return (
    <>
      {problem === undefined ? null : (
        <span role="alert" className={style.problem}>
          {problem}
        </span>
      )}
      <Button variant="default" onClick={() => void navigate({ to: back as '/' })}>
        Back
      </Button>
      <Act
        label={rule === undefined ? 'Create rule' : 'Save rule'}
        loading={save.isPending}
        allowed={can('Twinloop/alertRules/write') && mistake === undefined}
        {...(mistake === undefined ? {} : { reason: mistake.message })}
        onClick={() => {
          setProblem(undefined)
          save.mutate()
        }}
      />
    </>
  )
}
