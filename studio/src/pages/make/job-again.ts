/** References to versions and computes of the workspace that `id` is of, as people write them: `azureml:flights:3`. */
export function inShort(text: string, id: string): string {
  const own = /^.*\/workspaces\/[^/]+\//.exec(id)?.[0].toLowerCase() ?? ' '
  return text.replaceAll(
    /azureml:(\/\S+?\/workspaces\/[^/\s]+\/)(?:(?:components|environments|data|models)\/([^/\s]+)\/versions\/([^/\s"']+)|computes\/([^/\s"']+))/g,
    (whole, scope: string, name: string, version: string, compute?: string) =>
      scope.toLowerCase() === own ? `azureml:${compute ?? `${name}:${version}`}` : whole,
  )
}

/** Folders that the platform chose for the outputs of a run are not for the run to come. */
const ofRun = /\/paths\/azureml\//

/**
 * A job that ran as one to be submitted: it gets a name of its own, outputs go where they will, and what was told of that
 * run alone (services, the pipeline whose step it was) is left out.
 */
export function jobAgain(job: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {
    name: _,
    services: _services,
    parent_job_name: _parent,
    settings,
    outputs,
    jobs,
    component,
    ...kept
  } = job
  const { _source: _where, ...said } = (settings ?? {}) as Readonly<Record<string, unknown>>
  const each = (values: unknown, change: (value: object) => object) =>
    Object.fromEntries(
      Object.entries(values ?? {}).map(([key, value]) => [
        key,
        typeof value === 'object' && value !== null ? change(value as object) : (value as unknown),
      ]),
    )
  return {
    ...kept,
    // A command of a step says itself what its component said.
    ...(component === undefined || 'command' in kept ? {} : { component }),
    ...(outputs === undefined
      ? {}
      : {
          outputs: each(outputs, (output) => {
            const { path, ...rest } = output as { path?: string }
            return path === undefined || ofRun.test(path) ? rest : output
          }),
        }),
    ...(jobs === undefined
      ? {}
      : {
          jobs: each(jobs, (step) =>
            Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'name')),
          ),
        }),
    ...(Object.keys(said).length === 0 ? {} : { settings: said }),
  }
}
