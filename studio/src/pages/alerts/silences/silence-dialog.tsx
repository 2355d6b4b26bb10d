import { Button, Modal, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { putSilence, silencesPath } from '../../../api/alerts/silences.ts'
import { incidentSummariesQuery } from '../../../api/incidents.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell } from '../../../parts/act.tsx'
import { IconBellOff } from '../../../parts/icons.ts'
import { plural } from '../../../words/names.ts'
import { distinguished } from '../words.ts'
import { freshName, lacking, matching, propertiesOf, readLines, type SilenceDraft } from './silence-words.ts'
import style from '../alerts.module.css'

/** Opens the form of a silence with matchers that are there already. */
export function SilenceButton({
  matchers,
  label = 'Silence…',
  size,
  variant = 'default',
}: {
  readonly matchers: readonly string[]
  readonly label?: string
  readonly size?: string
  readonly variant?: string
}) {
  const [isOpen, setOpen] = useState(false)
  const can = useCan()
  return (
    <>
      <Act
        label={label}
        variant={variant}
        icon={<IconBellOff size={14} />}
        {...(size === undefined ? {} : { size })}
        allowed={can('Twinloop/silences/write')}
        onClick={() => setOpen(true)}
      />
      {isOpen ? <SilenceDialog matchers={matchers} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

const lengths = ['30m', '1h', '2h', '8h', '1d', '3d', '7d'] as const

/** Asks which alerts are to be quiet, how long and why, and shows meanwhile which of those that fire that would be. */
export function SilenceDialog({
  matchers,
  onClose,
}: {
  readonly matchers: readonly string[]
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    name: freshName(/="?([^"]*)"?/.exec(matchers[0] ?? '')?.[1] ?? '', new Date()),
    matchers: matchers.join('\n'),
    begins: 'now',
    at: '',
    cron: '0 2 * * SUN',
    lasts: '2h',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    reason: '',
  }))
  const change = (some: Partial<SilenceDraft>) => setDraft({ ...draft, ...some })
  const missing = lacking(draft)
  const save = useMutation({
    mutationFn: () => putSilence(`${silencesPath(workspace)}/${draft.name}`, propertiesOf(draft)),
    onSuccess: async () => {
      tell(`Silence ${draft.name} was made`)
      await queries.invalidateQueries()
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title="Silence alerts"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === undefined) save.mutate()
        }}
      >
        <Textarea
          label="Which alerts"
          description="A matcher on each line: =, !=, =~ (expression) or !~; all of them have to match."
          value={draft.matchers}
          onChange={(event) => change({ matchers: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={8}
          styles={{ input: { fontFamily: 'var(--mono)' } }}
        />
        <Matches text={draft.matchers} />
        <When draft={draft} change={change} />
        <Textarea
          label="Reason"
          description="What those who miss the alerts should know."
          required
          value={draft.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          autosize
          minRows={2}
          data-autofocus
        />
        <TextInput
          label="Name"
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {save.error === null ? null : (
          <p role="alert" style={{ color: 'var(--bad)', overflowWrap: 'anywhere' }}>
            {save.error.message}
          </p>
        )}
        <div style={{ display: 'flex', alignItems: 'center', justifyContent: 'flex-end', gap: 8 }}>
          <span className="muted" style={{ marginRight: 'auto' }}>
            {missing}
          </span>
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" disabled={missing !== undefined} loading={save.isPending}>
            Silence alerts
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function When({
  draft,
  change,
}: {
  readonly draft: SilenceDraft
  readonly change: (some: Partial<SilenceDraft>) => void
}) {
  return (
    <>
      <SegmentedControl
        aria-label="When it begins"
        value={draft.begins}
        onChange={(value) => change({ begins: value })}
        data={[
          { value: 'now', label: 'From now on' },
          { value: 'at', label: 'Later' },
          { value: 'again', label: 'Again and again' },
        ]}
      />
      <div className={style.row}>
        {draft.begins === 'at' ? (
          <TextInput
            type="datetime-local"
            label="Begins"
            value={draft.at}
            onChange={(event) => change({ at: event.currentTarget.value })}
          />
        ) : null}
        {draft.begins === 'again' ? (
          <>
            <TextInput
              label="Begins"
              description="cron: minute hour day month weekday"
              value={draft.cron}
              onChange={(event) => change({ cron: event.currentTarget.value })}
            />
            <TextInput
              label="Time zone"
              description="as IANA names it"
              value={draft.timeZone}
              onChange={(event) => change({ timeZone: event.currentTarget.value })}
            />
          </>
        ) : null}
        <TextInput
          label="Lasts"
          {...(draft.begins === 'again' ? { description: 'such as 4h' } : {})}
          value={draft.lasts}
          onChange={(event) => change({ lasts: event.currentTarget.value })}
        />
        <Select
          label="or"
          {...(draft.begins === 'again' ? { description: 'a usual time' } : {})}
          value={lengths.find((one) => one === draft.lasts) ?? null}
          placeholder="another"
          data={[...lengths]}
          onChange={(value) => change({ lasts: value ?? draft.lasts })}
          allowDeselect={false}
        />
      </div>
    </>
  )
}

/** Which alerts that fire now the matchers mean. */
function Matches({ text }: { readonly text: string }) {
  const { data: incidents = [] } = useQuery(incidentSummariesQuery(useWorkspace()))
  const { matchers, mistakes } = readLines(text)
  const found = matching(incidents, matchers)
  const firing = incidents.filter(({ state }) => state === 'Firing').length
  const fires = `${plural(firing, 'alert')} that ${firing === 1 ? 'fires' : 'fire'} now`
  if (mistakes.length > 0) return null
  return (
    <div role="status" aria-label="Alerts that match">
      <p className="muted">
        {matchers.length === 0
          ? 'Without a matcher it means no alert.'
          : found.length === 0
            ? `None of ${fires}; it is for those to come.`
            : `${found.length} of ${fires}:`}
      </p>
      <ul className={style.tree}>
        {found.slice(0, 5).map(({ id, rule, labels }) => (
          <li key={id}>
            {rule} <span className="muted">{distinguished(labels)}</span>
          </li>
        ))}
        {found.length > 5 ? <li className="muted">{found.length - 5} more</li> : null}
      </ul>
    </div>
  )
}
