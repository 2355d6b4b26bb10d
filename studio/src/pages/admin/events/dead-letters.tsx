import { useQuery } from '@tanstack/react-query'
import { act, type DeadLetterProperties } from '../../../api/admin/platform.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Resource } from '../../../api/resource.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact } from '../../../words/numbers.ts'

type DeadLetter = Resource<DeadLetterProperties>

/** What a subscription was not told in the end, each to be sent again. */
export function DeadLetters({
  subscription,
  name,
}: {
  readonly subscription: string
  readonly name: string
}) {
  const can = useCan(subscription)
  const query = useQuery(listQuery<DeadLetterProperties>(`${subscription}/deadLetters`))
  const resend = (id: string) =>
    void act(id, 'resend').then(() => tell('It was taken this time.'), tellFailure)
  const letters: readonly Column<DeadLetter>[] = [
    {
      id: 'seq',
      header: 'Event',
      width: '90px',
      cell: (letter) => `#${letter.name}`,
      sort: (letter) => Number(letter.name),
    },
    {
      id: 'type',
      header: 'Type',
      width: 'minmax(160px, 1fr)',
      cell: ({ properties }) => properties.event.type?.split('.').at(-1) ?? '–',
      text: ({ properties }) => properties.event.type ?? '',
    },
    {
      id: 'subject',
      header: 'Of',
      width: 'minmax(140px, 1fr)',
      cell: ({ properties }) => <span title={properties.event.subject}>{properties.event.subject}</span>,
      text: ({ properties }) => properties.event.subject ?? '',
    },
    {
      id: 'when',
      header: 'Happened',
      width: '110px',
      cell: ({ properties }) => <Time at={properties.event.time} />,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      width: '90px',
      align: 'right',
      cell: ({ properties }) => exact(properties.attempts),
    },
    {
      id: 'why',
      header: 'Why it was given up',
      width: 'minmax(200px, 2fr)',
      cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
      text: ({ properties }) => properties.reason,
    },
    {
      id: 'again',
      header: '',
      width: '100px',
      align: 'right',
      cell: ({ id }) => (
        <Act
          label="Send again"
          variant="subtle"
          size="compact-xs"
          allowed={can('Twinloop/eventSubscriptions/deadLetters/resend/action')}
          onClick={() => resend(id)}
        />
      ),
    },
  ]
  return (
    <Panel title={`Dead letters of ${name}`} subtitle="kept for 30 days" flush>
      <Answer query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="None is left" />
          ) : (
            <Table rows={rows} columns={letters} rowKey={({ id }) => id} label="dead letters" prefix="l" />
          )
        }
      </Answer>
    </Panel>
  )
}
