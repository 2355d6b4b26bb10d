import { useQuery } from '@tanstack/react-query'
import { lineParameters, queuedComputesQuery } from '../../../api/queue.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Page, Stack } from '../../../parts/page.tsx'
import { Answer } from '../../../parts/states.tsx'
import { JobPlaces } from '../list/job-places.tsx'
import { GoneComputes, OfCompute } from './of-compute.tsx'

/** What waits for which compute, since when and why. */
export function Queue() {
  const workspace = useWorkspace()
  const query = useQuery(queuedComputesQuery(workspace.id))
  return (
    <Page
      title="Queue"
      actions={
        <Equivalents
          cli={[
            { what: 'What is queued', command: 'twinloop job list --query "[?status==\'Queued\']" -o table' },
          ]}
          rest={[
            {
              method: 'GET',
              path: `${workspace.id}/jobs`,
              query: lineParameters('waiting', `target eq 'local'`, 100),
            },
          ]}
        />
      }
    >
      <JobPlaces />
      <Answer query={query}>
        {(computes) => (
          <Stack>
            {computes.map((compute) => (
              <OfCompute key={compute.name} compute={compute} />
            ))}
            <GoneComputes computes={computes} />
          </Stack>
        )}
      </Answer>
    </Page>
  )
}
