import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { requireCompleted } from '../../../release/predictions/results.ts'
import type { ComponentSpec } from '../../../training/components/spec.ts'
import { endedJob } from '../../../training/history/job-files.ts'
import type { SignalContext } from '../signal.ts'

/** A component that is run on what it is given, for one of its outputs. */
export interface ComponentRun {
  readonly id: string
  readonly spec: ComponentSpec
  /** By the names of the component's inputs, as jobs are given them. */
  readonly inputs: Json
  readonly output: string
}

/** The only step of such a job. */
const step = 'component'

/**
 * The job that runs a component, be it a command or a pipeline, as it is put. What it finds today is not what it found
 * yesterday, so it always runs.
 */
function componentJob({ id, spec, inputs, output }: ComponentRun, title: string): Json {
  const type = spec.outputs[output]?.type ?? 'uri_folder'
  const bound = (to: string): Json => ({ job_input_type: 'literal', value: `\${{${to}}}` })
  return {
    jobType: 'Pipeline',
    displayName: title,
    inputs,
    outputs: { [output]: { jobOutputType: type } },
    settings: { force_rerun: true },
    jobs: {
      [step]: {
        type: spec.type,
        componentId: id,
        inputs: Object.fromEntries(Object.keys(inputs).map((name) => [name, bound(`parent.inputs.${name}`)])),
        outputs: { [output]: { type: 'literal', value: `\${{parent.outputs.${output}}}` } },
      },
    },
  }
}

/**
 * Runs a component by a job of the run with this name: undefined while it runs, then the output as jobs and tables are given
 * it. Throws conflict with what the component said last where it fails.
 */
export async function runComponent(
  context: SignalContext,
  name: string,
  component: () => Promise<ComponentRun>,
): Promise<{ readonly job: Resource; readonly type: string; readonly uri: string } | undefined> {
  const { monitor, planned, platform } = context
  const job = await context.job(name, async () =>
    componentJob(await component(), `${monitor.name}: ${planned.name}`),
  )
  if (endedJob(job) === undefined) return undefined
  await requireCompleted(platform, job)
  const outputs = (job.status['outputs'] ?? {}) as Readonly<Record<string, { type: string; uri: string }>>
  const [made] = Object.values(outputs)
  if (made === undefined) throw new Error(`The job '${job.name}' has made nothing.`)
  return { job, ...made }
}
