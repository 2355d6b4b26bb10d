import type { Client, Json } from '../client/client.ts'
import type { Io } from '../io.ts'
import { jobDefinition } from './schedule.ts'

/** Actions whose `job` may be a file of whoever writes the rule. */
const withJobs = ['retrain', 'run_job']

const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isFile = (job: unknown): job is string => typeof job === 'string' && /^file:|\.ya?ml$/i.test(job)

/**
 * The actions of an alert rule as the server takes them: a job that is a file, relative to the rule's folder, becomes
 * the job's definition, with its code uploaded. What is no action stays for the server to refuse.
 */
export async function ruleActions(
  client: () => Promise<Client>,
  io: Io,
  actions: unknown,
  folder: string,
): Promise<unknown> {
  if (!Array.isArray(actions)) return actions
  return Promise.all(
    actions.map(async (action: unknown) => {
      if (!isMap(action)) return action
      const name = withJobs.find((kind) => isMap(action[kind]) && isFile(action[kind]['job']))
      const own = name === undefined ? undefined : action[name]
      if (name === undefined || !isMap(own) || !isFile(own['job'])) return action
      return { ...action, [name]: { ...own, job: await jobDefinition(client, io, own['job'], folder) } }
    }),
  )
}
