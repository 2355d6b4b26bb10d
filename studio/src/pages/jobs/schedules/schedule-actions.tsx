import { useMutation, useQueryClient } from '@tanstack/react-query'
import { setEnabled, triggerNow, type Schedule } from '../../../api/schedules.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { IconPlayerPauseFilled, IconPlayerPlay, IconSend } from '../../../parts/icons.ts'

/** Pause or resume, and make it now. Both can be taken back, so nobody is asked twice. */
export function ScheduleActions({ schedule }: { readonly schedule: Schedule }) {
  const can = useCan(schedule.id)
  const queries = useQueryClient()
  const isOn = schedule.properties.isEnabled
  const options = { onError: tellFailure, onSettled: () => queries.invalidateQueries({ queryKey: ['arm'] }) }
  const run = useMutation({
    ...options,
    mutationFn: () => triggerNow(schedule),
    onSuccess: (name: string) => tell(`Made ${name}`),
  })
  const turn = useMutation({
    ...options,
    mutationFn: () => setEnabled(schedule, !isOn),
    onSuccess: () => tell(isOn ? `Paused ${schedule.name}` : `${schedule.name} goes on`),
  })
  return (
    <>
      <Act
        label={isOn ? 'Pause' : 'Resume'}
        variant="default"
        icon={isOn ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlay size={14} />}
        loading={turn.isPending}
        allowed={can('schedules/write')}
        onClick={() => turn.mutate()}
      />
      <Act
        label="Run now"
        icon={<IconSend size={14} />}
        loading={run.isPending}
        allowed={can('schedules/trigger/action')}
        onClick={() => run.mutate()}
      />
    </>
  )
}
