import { Autocomplete, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { checkAccessQuery } from '../../../api/admin/access.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import style from '../admin.module.css'
import { operations } from './operations.ts'
import { scopeLabel } from './scopes.ts'
import type { People } from './use-people.ts'

interface Answered {
  readonly what: string
  readonly operation: string
  readonly isAllowed: boolean
  readonly reason: string
}

const columns: readonly Column<Answered>[] = [
  {
    id: 'what',
    header: 'To',
    width: 'minmax(180px, 1fr)',
    cell: ({ what }) => what,
    sort: ({ what }) => what,
    text: ({ what }) => what,
  },
  {
    id: 'may',
    header: 'May',
    width: '110px',
    cell: ({ isAllowed }) => <Status kind="verdict" state={isAllowed ? 'allowed' : 'denied'} />,
    sort: ({ isAllowed }) => Number(isAllowed),
  },
  {
    id: 'why',
    header: 'Why',
    width: 'minmax(300px, 3fr)',
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
    text: ({ reason }) => reason,
  },
]

/** May somebody do something somewhere? One question first, then the usual ones at once. */
export function AccessCheck({ people }: { readonly people: People }) {
  const workspace = useWorkspace()
  const [who, setWho] = useSearchWord('may')
  const [what, setWhat] = useSearchWord('do', operations[1]?.value ?? '')
  const [where, setWhere] = useSearchWord('at', workspace.id)
  const one = people.all.find(({ name }) => name === who)
  const id = one?.properties.principalId ?? ''
  const known = operations.find(({ label, value }) => label === what || value === what)
  const operation = known?.value ?? what
  const asked = useQuery(checkAccessQuery(where, id, [operation]))
  const usual = useQuery(
    checkAccessQuery(
      where,
      id,
      operations.map(({ value }) => value),
    ),
  )
  return (
    <Panel title="May somebody do something?" subtitle="as the server itself decides, with the reason">
      <div className={style.form}>
        <Select
          label="May"
          placeholder="somebody"
          searchable
          data={people.all.map(({ name }) => name)}
          value={who === '' ? null : who}
          onChange={(value) => setWho(value ?? '')}
          nothingFoundMessage="Nobody is called so."
        />
        <Autocomplete
          size="xs"
          label="do"
          w={320}
          data={operations.map(({ label }) => label)}
          value={known?.label ?? what}
          onChange={(text) =>
            setWhat(operations.find(({ label }) => label === text)?.value ?? text, 'replace')
          }
        />
        <Select
          label="in"
          searchable
          w={260}
          data={people.scopes.map((scope) => ({ value: scope.id, label: scope.label }))}
          value={where}
          onChange={(value) => setWhere(value ?? workspace.id)}
          allowDeselect={false}
        />
      </div>
      {id === '' ? null : (
        <div style={{ marginTop: 16, display: 'grid', gap: 16 }}>
          <Answer query={asked} rows={2}>
            {([answer]) =>
              answer === undefined ? null : (
                <p className={style.verdict} data-allowed={answer.accessDecision === 'Allowed'} role="status">
                  <strong>
                    {answer.accessDecision === 'Allowed' ? 'Yes' : 'No'}, {who}{' '}
                    {answer.accessDecision === 'Allowed' ? 'may' : 'may not'} {known?.label ?? operation} in{' '}
                    {scopeLabel(people.scopes, where)}.
                  </strong>{' '}
                  {answer.reason}
                </p>
              )
            }
          </Answer>
          <Answer query={usual} rows={6}>
            {(answers) => (
              <Table
                rows={answers.map((answer, i) => ({
                  what: operations[i]?.label ?? answer.actionId,
                  operation: answer.actionId,
                  isAllowed: answer.accessDecision === 'Allowed',
                  reason: answer.reason,
                }))}
                columns={columns}
                rowKey={(row) => row.operation}
                label="what else they may do"
                prefix="m"
                bare
              />
            )}
          </Answer>
        </div>
      )}
    </Panel>
  )
}
