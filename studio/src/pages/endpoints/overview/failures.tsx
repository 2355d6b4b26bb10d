import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { failuresQuery, type Endpoint } from '../../../api/endpoints.ts'
import { Copy } from '../../../parts/copy.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { duration } from '../../../words/time.ts'
import style from '../endpoints.module.css'

/** So many are shown at first. */
const few = 6

/** The latest requests that got no prediction: their ids lead into the caller's logs and the model's. */
export function Failures({ endpoint }: { readonly endpoint: Endpoint }) {
  const query = useQuery(failuresQuery(endpoint.id))
  const [isAll, setAll] = useState(false)
  const count = query.data?.value.length ?? 0
  return (
    <Panel
      title="Last failed requests"
      subtitle={
        query.data === undefined || query.data.since === null ? (
          ''
        ) : (
          <>
            up to 50, of what the gateway has written since <Time at={query.data.since} />
          </>
        )
      }
      actions={
        count > few ? (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(!isAll)}>
            {isAll ? `The last ${few}` : `All ${count}`}
          </Button>
        ) : undefined
      }
      flush
    >
      <Answer query={query} rows={2}>
        {({ value }) =>
          value.length === 0 ? (
            <p className={style.calm}>None: every request got an answer.</p>
          ) : (
            <Table
              rows={isAll ? value : value.slice(0, few)}
              rowKey={({ requestId, time }) => `${time} ${requestId}`}
              label="failed requests"
              prefix="failed."
              bare
              columns={[
                { id: 'time', header: 'When', width: '124px', cell: ({ time }) => <Time at={time} /> },
                {
                  id: 'status',
                  header: 'Status',
                  width: '80px',
                  cell: ({ status }) => status,
                  sort: ({ status }) => status,
                },
                {
                  id: 'reason',
                  header: 'Why',
                  width: 'minmax(140px, 1fr)',
                  cell: ({ reason }) => reason?.replaceAll('_', ' '),
                  sort: ({ reason }) => reason ?? '',
                },
                {
                  id: 'deployment',
                  header: 'Deployment',
                  width: 'minmax(120px, 1fr)',
                  cell: ({ deployment }) => deployment ?? '–',
                },
                {
                  id: 'ms',
                  header: 'Took',
                  width: '90px',
                  align: 'right',
                  cell: ({ ms }) => duration(ms),
                  sort: ({ ms }) => ms,
                },
                {
                  id: 'request',
                  header: 'Request',
                  width: 'minmax(220px, 2fr)',
                  cell: ({ requestId }) => (
                    <>
                      <code>{requestId}</code> <Copy text={requestId} what="request id" />
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
