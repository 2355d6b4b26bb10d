import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { backfill, runNow, setEnabled, type MonitorSummary } from '../../../api/monitors.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { IconPlayerPauseFilled, IconPlayerPlay, IconRefresh } from '../../../parts/icons.ts'
import { plural } from '../../../words/names.ts'

/** What can be done with a monitor: a window now, windows of the past, its times on or off. */
export function MonitorActions({ monitor }: { readonly monitor: MonitorSummary }) {
  const workspace = useWorkspace()
  const can = useCan(`${workspace.id}/schedules/${monitor.name}`)
  const queries = useQueryClient()
  const [isFilling, setFilling] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: ['arm'] })
  const run = useMutation({
    mutationFn: () => runNow(workspace, monitor.name),
    onSuccess: async () => {
      tell('The window that ends now is computed')
      await refresh()
    },
    onError: tellFailure,
  })
  const toggle = useMutation({
    mutationFn: () => setEnabled(workspace, monitor.name, !monitor.enabled),
    onSuccess: async () => {
      tell(monitor.enabled ? 'Paused: no more windows by themselves' : 'Goes on at its times')
      await refresh()
    },
    onError: tellFailure,
  })
  return (
    <>
      <Act
        label={monitor.enabled ? 'Pause' : 'Resume'}
        variant="default"
        icon={monitor.enabled ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlay size={14} />}
        loading={toggle.isPending}
        allowed={can('schedules/write')}
        onClick={() => toggle.mutate()}
      />
      <Act
        label="Backfill…"
        variant="default"
        icon={<IconRefresh size={14} />}
        allowed={can('schedules/backfill/action')}
        onClick={() => setFilling(true)}
      />
      <Act
        label="Run now"
        icon={<IconPlayerPlay size={14} />}
        loading={run.isPending}
        allowed={can('schedules/trigger/action')}
        onClick={() => run.mutate()}
      />
      {isFilling ? <Backfill monitor={monitor} onClose={() => setFilling(false)} /> : null}
    </>
  )
}

/** Asks for the days between which windows are to be computed as if the monitor had been there. */
function Backfill({ monitor, onClose }: { readonly monitor: MonitorSummary; readonly onClose: () => void }) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState(() => new Date().toISOString().slice(0, 10))
  return (
    <Confirm
      title={`Backfill ${monitor.displayName ?? monitor.name}`}
      verb="Compute windows"
      onDone={async () => {
        if (from === '' || to === '') throw new Error('Say from when and until when.')
        if (from > to) throw new Error('From has to be before until.')
        const made = await backfill(workspace, monitor.name, `${from}T00:00:00Z`, `${to}T00:00:00Z`)
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell(
          made.length === 0
            ? 'Every window of that time was computed before'
            : `${plural(made.length, 'window')} will be computed`,
        )
      }}
      onClose={onClose}
    >
      <p>
        Computes the windows that would have ended in this time, had the monitor been there. What was computed
        before stays as it is.
      </p>
      <TextInput
        type="date"
        label="From"
        value={from}
        max={to}
        onChange={(event) => setFrom(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        type="date"
        label="Until"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </Confirm>
  )
}
