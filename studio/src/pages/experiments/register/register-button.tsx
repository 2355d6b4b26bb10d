import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Job } from '../../../api/jobs.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { runModelsQuery } from '../../../api/run-models.ts'
import type { Run } from '../../../api/runs.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { IconBox } from '../../../parts/icons.ts'
import { tagOf } from '../run-values.ts'

const RegisterModel = lazy(async () => ({ default: (await import('./register.tsx')).RegisterModel }))

/** Registers a model of a run; nothing for runs that have none. */
export function RegisterButton({ run }: { readonly run: Run }) {
  const workspace = useWorkspace()
  const can = useCan()
  const [isOpen, setOpen] = useState(false)
  const { run_id: id } = run.info
  const isJob = tagOf(run, 'azureml.jobType') !== undefined
  const { data: job } = useQuery({
    ...resourceQuery<Job['properties']>(`${workspace.id}/jobs/${id}`),
    enabled: isJob,
  })
  const outputs = job?.properties.status === 'Completed' ? job.properties.outputs : undefined
  const { data: models = [] } = useQuery(runModelsQuery(workspace, run, outputs))
  if (models.length === 0) return null
  return (
    <>
      <Act
        label="Register model"
        icon={<IconBox size={16} aria-hidden />}
        allowed={can('models/write') && can('models/versions/write')}
        reason="Your roles do not allow to register models here; an owner of the workspace can assign one that does."
        onClick={() => setOpen(true)}
      />
      {isOpen ? (
        <Suspense>
          <RegisterModel runId={id} models={models} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
