import type { ProcessState } from '../../compute/compute.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Job } from '../jobs/job.ts'
import { folderOf } from './folder.ts'
import { tail } from './tail.ts'

export type Verdict =
  | { readonly status: 'Completed' }
  | { readonly status: 'Failed'; readonly error: { readonly code: string; readonly message: string } }

/** How a job went, judged by how its process ended: plainly, with the last lines that it said. */
export async function verdict(state: ProcessState, job: Job, platform: Platform): Promise<Verdict> {
  if (state.phase === 'exited' && state.code === 0 && state.reason === undefined)
    return { status: 'Completed' }
  const last = await tail(folderOf(platform.config, job).log)
  return { status: 'Failed', error: explain(state, last, job.properties.limits?.['timeout']) }
}

/** True if the process did not end by itself or by anybody's wish: it was killed, or the machine went down. */
export const wasLost = (state: ProcessState): boolean =>
  state.phase === 'unknown' ||
  (state.phase === 'exited' &&
    (state.reason === 'lost' || (state.reason === undefined && state.signal === 'SIGKILL')))

/** Why a process is no success. `last` is the end of its log, `timeout` its time limit as it was asked for. */
export function explain(
  state: ProcessState,
  last: string,
  timeout?: unknown,
): { code: string; message: string } {
  const said = last === '' ? ' Its log is empty.' : `\nThe end of its log (user_logs/std_log.txt):\n${last}`
  if (state.phase !== 'exited')
    return { code: 'ProcessLost', message: `The job's process is not known on this machine any more.${said}` }
  const why = state.message === undefined ? '' : ` (${state.message})`
  switch (state.reason) {
    case 'timeout':
      return {
        code: 'Timeout',
        message: `The command ran longer than its limit of ${String(timeout)} and was ended.${said}`,
      }
    case 'not-executable':
      return { code: 'NotExecutable', message: `The command cannot be executed${why}.${said}` }
    case 'lost':
      return {
        code: 'ProcessLost',
        message: `The job's process was lost${why}: its end was not seen, so its result is not to be relied on.${said}`,
      }
    case 'cancelled':
      return { code: 'Canceled', message: `The command was ended from outside of Twinloop.${said}` }
    default:
      return state.signal === null
        ? { code: 'ExecutionFailed', message: `The command failed with exit code ${state.code}.${said}` }
        : {
            code: 'ExecutionFailed',
            message: `The command was ended by ${state.signal}${oom(state.signal)}.${said}`,
          }
  }
}

const oom = (signal: string) => (signal === 'SIGKILL' ? ', which is what happens when memory runs out' : '')
