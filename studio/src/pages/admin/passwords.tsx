import { Select, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addPassword, removePassword, type Password } from '../../api/admin/access.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Command } from '../../parts/copy.tsx'
import { Stack } from '../../parts/page.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import style from './admin.module.css'

const dayMs = 86_400_000

/**
 * Tokens of somebody, without their secrets, and how to make one and to end one. `at` is whose they are: a principal's
 * id, or `/v1.0/me`.
 */
export function Passwords({
  at,
  passwords,
  allowed,
}: {
  readonly at: string
  readonly passwords: readonly Password[]
  readonly allowed: boolean
}) {
  const [isAsked, setAsked] = useState(false)
  const [secret, setSecret] = useState('')
  const [ending, setEnding] = useState<Password>()
  const columns: readonly Column<Password>[] = [
    {
      id: 'for',
      header: 'For',
      width: 'minmax(110px, 2fr)',
      cell: ({ displayName }) => displayName ?? <span className="muted">not said</span>,
      sort: ({ displayName }) => displayName,
    },
    { id: 'hint', header: 'Begins', width: '80px', cell: ({ hint }) => <code>{hint}…</code> },
    {
      id: 'ends',
      header: 'Ends',
      width: '140px',
      cell: ({ endDateTime }) => <Time at={endDateTime} />,
      sort: ({ endDateTime }) => endDateTime,
    },
    {
      id: 'used',
      header: 'Used last',
      width: '100px',
      cell: ({ lastUsedDateTime }) =>
        lastUsedDateTime === null ? <span className="muted">never</span> : <Time at={lastUsedDateTime} />,
      sort: ({ lastUsedDateTime }) => lastUsedDateTime,
    },
    {
      id: 'end',
      header: '',
      width: '84px',
      align: 'right',
      cell: (one) => (
        <Act
          label="Revoke"
          variant="subtle"
          color="red"
          size="compact-xs"
          allowed={allowed}
          onClick={() => setEnding(one)}
        />
      ),
    },
  ]
  return (
    <Stack>
      {secret === '' ? null : (
        <div className={style.secret} data-testid="new-token">
          <strong>Copy it now: it is not shown again.</strong>
          <Command text={secret} />
          <span>
            A command line uses it as <code>TWINLOOP_TOKEN</code>, other programs as their bearer token.
          </span>
        </div>
      )}
      {passwords.length === 0 ? (
        <p className="muted">No token yet.</p>
      ) : (
        <Table
          rows={passwords}
          columns={columns}
          rowKey={({ keyId }) => keyId}
          label="tokens"
          prefix="k"
          bare
        />
      )}
      <div>
        <Act
          label="New token"
          variant="default"
          size="xs"
          allowed={allowed}
          reason="Only an owner of the server makes tokens for others."
          onClick={() => setAsked(true)}
        />
      </div>
      {isAsked ? <Make at={at} onMade={setSecret} onClose={() => setAsked(false)} /> : null}
      {ending === undefined ? null : (
        <Revoke at={at} password={ending} onClose={() => setEnding(undefined)} />
      )}
    </Stack>
  )
}

const lengths = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '730', label: '2 years' },
]

function Make({
  at,
  onMade,
  onClose,
}: {
  readonly at: string
  readonly onMade: (secret: string) => void
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [what, setWhat] = useState('')
  const [days, setDays] = useState('90')
  return (
    <Confirm
      title="New token"
      verb="Make the token"
      onDone={async () => {
        const ends = new Date(Date.now() + Number(days) * dayMs).toISOString()
        onMade((await addPassword(at, what.trim(), ends)).secretText)
        await queries.invalidateQueries({ queryKey: ['arm'] })
      }}
      onClose={onClose}
    >
      <TextInput
        label="What it is for"
        description="Tells it from others when it is to be revoked: laptop, CI of flights."
        value={what}
        onChange={(event) => setWhat(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label="Ends after"
        data={lengths}
        value={days}
        onChange={(value) => setDays(value ?? '90')}
        allowDeselect={false}
      />
    </Confirm>
  )
}

function Revoke({
  at,
  password,
  onClose,
}: {
  readonly at: string
  readonly password: Password
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  return (
    <Confirm
      title={`Revoke the token ${password.displayName ?? `${password.hint}…`}`}
      verb="Revoke the token"
      danger
      onDone={async () => {
        await removePassword(at, password.keyId)
        tell('The token is revoked; what uses it is refused from now on.')
        await queries.invalidateQueries({ queryKey: ['arm'] })
      }}
      onClose={onClose}
    >
      <p>What uses it is refused at once, and it cannot be brought back.</p>
    </Confirm>
  )
}
