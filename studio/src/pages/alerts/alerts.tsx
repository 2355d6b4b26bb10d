import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { incidentSummariesQuery, type IncidentSummary } from '../../api/incidents.ts'
import { rulesQuery } from '../../api/alerts/rules.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { IconSearch } from '../../parts/icons.ts'
import { NewButton } from '../../parts/make.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty, NoMatch } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { columns } from './incidents/columns.tsx'
import { Groups } from './incidents/groups.tsx'
import { Month, Now } from './incidents/month.tsx'
import { kindOf, kinds, labelsIn, readKinds, searched, writeKinds } from './incidents/standings.ts'
import { Places } from './places.tsx'
import style from './alerts.module.css'

/** What is wrong now, and what was in the last 30 days. */
export function Alerts() {
  const workspace = useWorkspace()
  const query = useQuery(incidentSummariesQuery(workspace))
  return (
    <Page
      title="Alerts"
      actions={
        <>
          <NewButton kind="alert-rule" label="New rule" />
          <Equivalents
            cli={[
              { what: 'What fires, or is about to', command: 'twinloop alert list' },
              { what: 'Incidents, also those that are over', command: 'twinloop incident list --all' },
              { what: 'A rule that tells', command: 'twinloop alert-rule create --file alert-rule.yml' },
            ]}
            rest={[{ method: 'POST', path: `${workspace.id}/incidentSummaries` }]}
          />
        </>
      }
    >
      <Places />
      <Answer query={query} rows={8}>
        {(incidents) =>
          incidents.length === 0 ? (
            <Nothing />
          ) : (
            <Stack>
              <Now incidents={incidents} />
              <List incidents={incidents} />
              <Month incidents={incidents} />
            </Stack>
          )
        }
      </Answer>
    </Page>
  )
}

/** Nothing was wrong: because all is well, or because nothing looks. */
function Nothing() {
  const { data: rules } = useQuery(rulesQuery(useWorkspace()))
  return (
    <Panel>
      {rules === undefined || rules.length === 0 ? (
        <Empty
          title="Nothing was ever wrong, or nothing looks"
          command="twinloop alert-rule create --file alert-rule.yml"
        >
          A rule looks at signals of monitors and at measurements; when it fires there is an incident here.
        </Empty>
      ) : (
        <Empty title="Nothing was wrong in the last 30 days" command="twinloop alert list">
          {rules.length === 1 ? 'One rule looks.' : `${rules.length} rules look.`}
        </Empty>
      )}
    </Panel>
  )
}

function List({ incidents }: { readonly incidents: readonly IncidentSummary[] }) {
  const to = usePaths()
  const [show, setShow] = useSearchWord('show', 'firing')
  const [by, setBy] = useSearchWord('by', 'rule')
  const [text, setText] = useSearchWord('q')
  const chosen = readKinds(show)
  const some = incidents.filter((one) => chosen.has(kindOf(one)))
  const shown = searched(some, text)
  const toggles = (
    <div className={style.toggles} role="group" aria-label="Which incidents">
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          className={style.toggle}
          aria-pressed={chosen.has(kind)}
          onClick={() =>
            setShow(
              writeKinds(
                new Set(chosen.has(kind) ? [...chosen].filter((one) => one !== kind) : [...chosen, kind]),
              ),
            )
          }
        >
          {kind.charAt(0).toUpperCase() + kind.slice(1)}{' '}
          <b>{incidents.filter((one) => kindOf(one) === kind).length}</b>
        </button>
      ))}
    </div>
  )
  const grouping = (
    <Select
      aria-label="Group by"
      value={by}
      onChange={(value) => setBy(value ?? 'rule')}
      allowDeselect={false}
      w={150}
      data={[
        { value: 'rule', label: 'By rule' },
        ...labelsIn(incidents).map((label) => ({ value: label, label: `By ${label}` })),
        { value: 'none', label: 'One list' },
      ]}
    />
  )
  return (
    <Panel flush>
      <div className={style.tools}>
        {toggles}
        <div className={style.toggles}>
          {by === 'none' ? null : (
            <TextInput
              leftSection={<IconSearch size={14} aria-hidden />}
              placeholder="Filter"
              aria-label="Filter incidents"
              value={text}
              onChange={(event) => setText(event.currentTarget.value, 'replace')}
              data-filter
            />
          )}
          {grouping}
        </div>
      </div>
      {some.length === 0 ? (
        <Empty title={chosen.has('firing') ? 'Nothing fires' : 'There are none of these'}>
          {incidents.some((one) => kindOf(one) === 'resolved') && !chosen.has('resolved')
            ? 'What was over in the last 30 days is behind Resolved.'
            : undefined}
        </Empty>
      ) : by === 'none' ? (
        <Table
          rows={some}
          columns={columns}
          rowKey={({ id }) => id}
          to={({ name }) => to.incident(name)}
          label="incidents"
          initial="-since"
        />
      ) : shown.length === 0 ? (
        <NoMatch onClear={() => setText('')} />
      ) : (
        <Groups incidents={shown} by={by} />
      )}
    </Panel>
  )
}
