import { Button, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { authored, type Authored, type ModelCard } from '../../../../../src/release/card/card.ts'
import { cardQuery, writeTags, type ModelVersion } from '../../../api/models.ts'
import { useCan, usePaths } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Go } from '../../../parts/go.tsx'
import { IconDownload } from '../../../parts/icons.ts'
import { Columns, Stack } from '../../../parts/page.tsx'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact, metric } from '../../../words/numbers.ts'
import style from './card.module.css'

/** The model card of a version, to be read, completed and taken along. */
export function Card({ version }: { readonly version: ModelVersion }) {
  const query = useQuery(cardQuery(version.id))
  return (
    <Answer query={query} rows={12}>
      {({ card, markdown }) => <Shown card={card} markdown={markdown} version={version} />}
    </Answer>
  )
}

function Shown({
  card,
  markdown,
  version,
}: {
  readonly card: ModelCard
  readonly markdown: string
  readonly version: ModelVersion
}) {
  const can = useCan(version.id)
  const [isEdited, setEdited] = useState(false)
  const { model, data, evaluations, decisions, notes, releases } = card
  const keep = (name: string, text: string, type: string) => {
    const url = URL.createObjectURL(new Blob([text], { type }))
    const link = Object.assign(document.createElement('a'), { href: url, download: name })
    link.click()
    URL.revokeObjectURL(url)
  }
  const file = `${model.name}-${model.version}-card`
  return (
    <Stack>
      <Panel
        title="What it is for"
        subtitle="in the words of people, who write them as tags of the version"
        actions={
          <>
            <Act
              label="Write"
              variant="default"
              allowed={can('models/versions/write')}
              onClick={() => setEdited(true)}
            />
            <Button
              variant="default"
              leftSection={<IconDownload size={14} />}
              onClick={() => keep(`${file}.md`, markdown, 'text/markdown')}
            >
              Markdown
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload size={14} />}
              onClick={() => keep(`${file}.json`, JSON.stringify(card, null, 2), 'application/json')}
            >
              JSON
            </Button>
          </>
        }
      >
        <p>{model.description ?? <span className="muted">Nobody has described this version.</span>}</p>
        <dl className={style.authored}>
          {(Object.entries(authored) as [Authored, string][]).map(([key, title]) => (
            <div key={key}>
              <dt>{title}</dt>
              <dd>{card.authored[key] ?? <span className="muted">not said</span>}</dd>
            </div>
          ))}
        </dl>
      </Panel>
      {notes.length === 0 ? null : (
        <Panel title="What this card cannot tell">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Panel>
      )}
      <Panel title="Evaluation" subtitle="what the gates of its releases found" flush>
        {evaluations.length === 0 ? (
          <p className="muted" style={{ padding: 16 }}>
            No gate of a release has looked at it.
          </p>
        ) : (
          <ul className={style.gates}>
            {evaluations.map((one) => (
              <Evaluated key={`${one.stage} ${one.gate} ${one.release}`} one={one} />
            ))}
          </ul>
        )}
      </Panel>
      <Columns>
        <Panel title="Details">
          <Facts
            facts={[
              { name: 'Kind', value: model.type },
              { name: 'Flavour', value: model.flavor },
              {
                name: 'Registered',
                value: (
                  <>
                    <Time at={model.registeredAt} /> by {model.registeredBy}
                  </>
                ),
              },
              { name: 'Trained on', value: data.training.join('; ') },
              { name: 'Evaluated on', value: data.evaluation.join('; ') },
              { name: 'Run', value: card.origin.run },
              ...card.origin.made.map(([name, value]) => ({ name, value })),
              ...Object.entries(model.tags).map(([name, value]) => ({ name, value })),
            ]}
          />
        </Panel>
        <Panel title="Who let it pass">
          {decisions.length === 0 ? (
            <p className="muted">Nobody was asked so far.</p>
          ) : (
            decisions.map(({ at, by, what, comment }) => (
              <p key={`${at} ${what}`}>
                <strong>{by}</strong> {what} <Time at={at} />
                {comment === undefined ? '' : `: “${comment}”`}
              </p>
            ))
          )}
          <p className="muted">
            {releases.map(({ label, state }) => `${label} ${state.replaceAll('_', ' ')}`).join(', ')}
          </p>
        </Panel>
      </Columns>
      {isEdited ? <Write card={card} version={version} onClose={() => setEdited(false)} /> : null}
    </Stack>
  )
}

/** Measures of a gate that a card has room for. */
const mostMeasures = 6

function Evaluated({ one }: { readonly one: ModelCard['evaluations'][number] }) {
  const to = usePaths()
  const [plan = '', number = ''] = one.release.split('/')
  const shown = one.measures
    .filter(
      ({ estimate, interval }) =>
        estimate !== null && (interval !== undefined || one.gate !== 'data_quality'),
    )
    .slice(0, mostMeasures)
  return (
    <li>
      <div className={style.gate}>
        <Status kind="gate" state={one.state} />
        <span>
          <strong>{one.gate.replaceAll('_', ' ')}</strong> {one.summary}
        </span>
        <Go to={to.release(plan, number)}>{one.release}</Go>
      </div>
      {shown.length === 0 ? null : (
        <p className={style.measures}>
          {shown.map(({ name, of, slice, estimate, interval, n }) => (
            <span key={`${name} ${of ?? ''} ${JSON.stringify(slice ?? {})}`}>
              <span className="muted">
                {name}
                {of === undefined || of === 'candidate' ? '' : ` (${of})`}
              </span>{' '}
              {metric(estimate)}
              {interval === undefined ? '' : ` (${metric(interval.lower)} to ${metric(interval.upper)})`}
              {n === undefined ? '' : <span className="muted"> n {exact(n)}</span>}
            </span>
          ))}
        </p>
      )}
    </li>
  )
}

function Write({
  card,
  version,
  onClose,
}: {
  readonly card: ModelCard
  readonly version: ModelVersion
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [words, setWords] = useState<Readonly<Partial<Record<Authored, string>>>>(card.authored)
  return (
    <Confirm
      title={`What ${card.model.name}:${card.model.version} is for`}
      verb="Save card"
      onDone={async () => {
        await writeTags(version, words)
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell('The card is written')
      }}
      onClose={onClose}
    >
      {(Object.entries(authored) as [Authored, string][]).map(([key, title]) => (
        <Textarea
          key={key}
          label={title}
          value={words[key] ?? ''}
          onChange={(event) => setWords({ ...words, [key]: event.currentTarget.value })}
          autosize
          minRows={1}
          maxRows={6}
        />
      ))}
    </Confirm>
  )
}
