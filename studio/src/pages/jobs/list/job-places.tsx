import { usePaths } from '../../../frame/workspace.ts'
import { Places } from '../../../parts/places.tsx'

/** What runs, what will, and what waits. */
export function JobPlaces() {
  const to = usePaths()
  return (
    <Places
      label="Jobs"
      places={[
        { name: 'Jobs', to: to.jobs },
        { name: 'Schedules', to: to.schedules },
        { name: 'Queue', to: to.queue },
      ]}
    />
  )
}
