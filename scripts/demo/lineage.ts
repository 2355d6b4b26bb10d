import type { Job } from './run.ts'
import type { Twinloop } from './twinloop.ts'

/** A model read back to its data: `flight-delay:1 ← train ← plucky_heron_4f2k ← flights:1, flights:2, flights:3`. */
export async function lineage(twinloop: Twinloop, model: string): Promise<string> {
  const [name = '', version = ''] = model.split(':')
  const { model_version: found } = await twinloop.get<{ model_version: { run_id: string } }>(
    `/api/2.0/mlflow/model-versions/get?name=${encodeURIComponent(name)}&version=${version}`,
  )
  const step = await twinloop.get<Job>(`jobs/${found.run_id}`)
  const pipeline = await twinloop.get<Job>(`jobs/${step.properties.parentJobName}`)
  const data = Object.values(pipeline.properties.inputs).flatMap(({ uri }) =>
    uri === undefined ? [] : [asset(uri)],
  )
  return [model, step.properties.displayName, pipeline.name, data.join(', ')].join(' ← ')
}

/** `flights:1` for `…/data/flights/versions/1` and for `azureml:flights:1`. */
const asset = (uri: string): string =>
  uri.replace(/^.*\/data\/([^/]+)\/versions\/([^/]+)$/, '$1:$2').replace(/^azureml:/, '')
