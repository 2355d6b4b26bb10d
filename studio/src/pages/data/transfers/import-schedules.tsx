import { useQuery } from '@tanstack/react-query'
import { listQuery } from '../../../api/queries.ts'
import { labelOf, type Resource } from '../../../api/resource.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Table } from '../../../parts/table/table.tsx'

interface Schedule {
  readonly isEnabled?: boolean
  readonly action: {
    readonly actionType: string
    readonly dataImportDefinition?: {
      readonly assetName?: string
      readonly source?: { readonly connection?: string; readonly path?: string }
    }
  }
  readonly trigger: {
    readonly triggerType: string
    readonly expression?: string
    readonly frequency?: string
    readonly interval?: number
    readonly timeZone?: string
  }
}

/** Imports that are made at given times; nothing where there are none. */
export function ImportSchedules() {
  const workspace = useWorkspace()
  const { data = [] } = useQuery(listQuery<Schedule>(`${workspace.id}/schedules`))
  const own = data.filter(({ properties }) => properties.action.actionType === 'ImportData')
  if (own.length === 0) return null
  return (
    <Panel title="At given times" subtitle="schedules that import" flush>
      <Table<Resource<Schedule>>
        rows={own}
        rowKey={({ id }) => id}
        label="schedules that import"
        prefix="s."
        bare
        columns={[
          { id: 'name', header: 'Schedule', cell: ({ name }) => name },
          {
            id: 'what',
            header: 'Brings',
            cell: ({ properties: { action } }) => {
              const { assetName = '', source } = action.dataImportDefinition ?? {}
              return `${assetName} from ${labelOf(source?.connection ?? source?.path ?? '')}`
            },
          },
          {
            id: 'when',
            header: 'When',
            cell: ({ properties: { trigger } }) =>
              trigger.triggerType === 'Cron'
                ? `${trigger.expression ?? ''} (${trigger.timeZone ?? 'UTC'})`
                : `every ${trigger.interval ?? 1} ${(trigger.frequency ?? '').toLowerCase()}`,
          },
          {
            id: 'on',
            header: 'On',
            width: '80px',
            cell: ({ properties }) => (properties.isEnabled === false ? 'off' : 'on'),
          },
        ]}
      />
    </Panel>
  )
}
