import { Autocomplete, Button, SegmentedControl, Switch, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { put, type ConnectionProperties, type SubscriptionProperties } from '../../../api/admin/platform.ts'
import { call } from '../../../api/call.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Page, Resource } from '../../../api/resource.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { draftOf, freshSecret, lacking, propertiesOf, type SubscriptionDraft } from './draft.ts'

/** Asks who is to be told of what: of a new subscription, or of one that is there. */
export function SubscriptionDialog({
  path,
  one,
  onClose,
}: {
  readonly path: string
  readonly one?: Resource<SubscriptionProperties>
  readonly onClose: () => void
}) {
  const [draft, setDraft] = useState(() => draftOf(one?.name ?? '', one?.properties))
  const change = (some: Partial<SubscriptionDraft>) => setDraft((before) => ({ ...before, ...some }))
  const missing = lacking(draft, one?.properties)
  const more = one?.properties.filter?.advancedFilters?.length ?? 0
  return (
    <Confirm
      title={one === undefined ? 'New event subscription' : `Edit ${one.name}`}
      verb={one === undefined ? 'Create the subscription' : 'Save the subscription'}
      onDone={async () => {
        if (missing !== undefined) throw new Error(missing)
        await put(
          `${path}/${draft.name}`,
          { properties: propertiesOf(draft, one?.properties) },
          one?.etag === undefined ? { 'if-none-match': '*' } : { 'if-match': `"${one.etag}"` },
        )
        tell(
          one === undefined
            ? `${draft.name} is told of what happens from now on.`
            : `${draft.name} was changed.`,
        )
      }}
      onClose={onClose}
    >
      {one === undefined ? (
        <TextInput
          label="Name"
          required
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value.trim() })}
          data-autofocus
        />
      ) : null}
      <SegmentedControl
        aria-label="Whom it tells"
        size="xs"
        data={[
          { value: 'WebHook', label: 'A webhook' },
          { value: 'Connection', label: 'A connection (a chat, too)' },
        ]}
        value={draft.to}
        onChange={(to) => change({ to: to === 'Connection' ? 'Connection' : 'WebHook' })}
      />
      {draft.to === 'WebHook' ? (
        <Webhook draft={draft} change={change} before={one?.properties} />
      ) : (
        <ByConnection draft={draft} change={change} />
      )}
      <Types draft={draft} change={change} />
      <TextInput
        label="Only what is about"
        description="How subjects begin: jobs/, releases/flight-delay"
        value={draft.subject}
        onChange={(event) => change({ subject: event.currentTarget.value })}
      />
      {more === 0 ? null : (
        <p className="muted">Its {more} further filters of the command line stay as they are.</p>
      )}
    </Confirm>
  )
}

interface Part {
  readonly draft: SubscriptionDraft
  readonly change: (some: Partial<SubscriptionDraft>) => void
}

function Webhook({ draft, change, before }: Part & { readonly before: SubscriptionProperties | undefined }) {
  const known = before?.destination.properties.endpointBaseUrl
  return (
    <>
      <TextInput
        type="url"
        label="Address"
        description="Kept secret: of it only what stands before the question mark is shown again."
        required={known === undefined}
        placeholder={known === undefined ? 'https://ops.example.org/hook?code=…' : `as it is: ${known}`}
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value.trim() })}
        autoComplete="off"
      />
      <TextInput
        label="Secret"
        description="Signs every call (Standard Webhooks). The receiver has to know it: it is not shown again."
        placeholder={before === undefined ? 'none: not signed' : 'as it is'}
        value={draft.secret}
        onChange={(event) => change({ secret: event.currentTarget.value.trim() })}
        autoComplete="off"
        rightSectionWidth={86}
        rightSection={
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => change({ secret: freshSecret(crypto.getRandomValues(new Uint8Array(24))) })}
          >
            Make one
          </Button>
        }
      />
      <Switch
        label="Ask it first whether it wants events"
        description="By OPTIONS, as CloudEvents has it; until it agrees, nothing is sent."
        checked={draft.validate}
        onChange={(event) => change({ validate: event.currentTarget.checked })}
      />
    </>
  )
}

function ByConnection({ draft, change }: Part) {
  const { id } = useWorkspace()
  const { data = [] } = useQuery(listQuery<ConnectionProperties>(`${id}/connections`))
  return (
    <Autocomplete
      label="Connection"
      description="Its target is the webhook, its metadata say the format: cloudevents, slack, teams, …"
      required
      data={data
        .filter(({ properties: { target } }) => target == null || /^https?:/.test(target))
        .map(({ name }) => name)}
      value={draft.connection}
      onChange={(connection) => change({ connection })}
    />
  )
}

interface EventType {
  readonly type: string
  readonly summary: string
}

function Types({ draft, change }: Part) {
  const { id } = useWorkspace()
  const { data = [] } = useQuery({
    queryKey: ['event-types', id],
    queryFn: async ({ signal }) =>
      (await call<Page<EventType>>(`${id}/listEventTypes`, { method: 'POST', signal })).value,
    staleTime: Infinity,
  })
  const about = new Map(data.map(({ type, summary }) => [type, summary]))
  return (
    <TagsInput
      label="Of what"
      description="Types of events. None: all but those that only tell that a resource was written."
      placeholder={draft.types.length === 0 ? 'all but mere writes' : ''}
      data={data.map(({ type }) => type)}
      value={[...draft.types]}
      onChange={(types) => change({ types })}
      renderOption={({ option: { value } }) => (
        <div>
          <div>{value.split('.').at(-1)}</div>
          <div className="muted" style={{ fontSize: 12 }}>
            {about.get(value)}
          </div>
        </div>
      )}
      maxDropdownHeight={260}
    />
  )
}
