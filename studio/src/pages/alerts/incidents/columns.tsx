import type { IncidentSummary } from '../../../api/incidents.ts'
import { Status } from '../../../parts/status.tsx'
import type { Column } from '../../../parts/table/table.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { metric } from '../../../words/numbers.ts'
import { between } from '../../../words/time.ts'
import { Severity } from '../severity.tsx'
import { distinguished, severityRank, standing } from '../words.ts'

export const columns: readonly Column<IncidentSummary>[] = [
  {
    id: 'number',
    header: 'Incident',
    width: '90px',
    cell: ({ name }) => `#${name}`,
    sort: ({ name }) => Number(name),
    text: ({ name }) => `#${name}`,
  },
  {
    id: 'state',
    header: 'State',
    width: '140px',
    cell: (one) => <Status kind="incident" state={standing(one)} />,
    sort: standing,
    text: standing,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: '96px',
    cell: ({ severity }) => <Severity severity={severity} />,
    sort: ({ severity }) => severityRank(severity),
    text: ({ severity }) => severity,
  },
  {
    id: 'rule',
    header: 'Rule',
    width: 'minmax(150px, 1fr)',
    cell: ({ rule }) => rule,
    sort: ({ rule }) => rule,
    text: ({ rule }) => rule,
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(220px, 2fr)',
    cell: ({ summary }) => <span title={summary}>{summary}</span>,
    text: ({ summary }) => summary,
  },
  {
    id: 'labels',
    header: 'Of',
    width: 'minmax(140px, 1fr)',
    cell: ({ labels }) => <span title={distinguished(labels)}>{distinguished(labels)}</span>,
    text: ({ labels }) => distinguished(labels),
  },
  {
    id: 'value',
    header: 'Value',
    width: '96px',
    align: 'right',
    extra: true,
    cell: ({ value }) => metric(value),
    sort: ({ value }) => value,
  },
  {
    id: 'since',
    header: 'Since',
    width: '110px',
    cell: ({ firedAt }) => <Time at={firedAt} />,
    sort: ({ firedAt }) => firedAt,
  },
  {
    id: 'lasted',
    header: 'Lasted',
    width: '100px',
    align: 'right',
    cell: ({ firedAt, resolvedAt }) => <Took from={firedAt} to={resolvedAt} />,
    sort: ({ firedAt, resolvedAt }) => between(firedAt, resolvedAt, new Date()) ?? 0,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: '120px',
    cell: ({ acknowledged }) => acknowledged?.by ?? '',
    sort: ({ acknowledged }) => acknowledged?.by ?? '',
    text: ({ acknowledged }) => acknowledged?.by ?? '',
  },
]
