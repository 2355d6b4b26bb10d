import type { Client } from '../../client/client.ts'
import type { Body } from '../../present/present.ts'
import type { MonitorSummary } from '../../../monitoring/monitors/summaries.ts'
import { moment } from '../targets.ts'
import { encode } from '../verbs.ts'

export const monitorFlag = {
  type: 'text',
  short: 'n',
  placeholder: 'NAME',
  required: true,
  summary: 'The monitor: the name of its schedule.',
} as const

export const runPath = (name: string): string => `/providers/Twinloop/monitorRuns/${encode(name)}`

/** How monitors stand: all of the workspace, or one. */
export async function summaries(client: Client, monitor?: string): Promise<readonly MonitorSummary[]> {
  const answer = await client.post<{ readonly value: readonly MonitorSummary[] }>('/monitorSummaries', {
    monitor,
  })
  return answer.value
}

/** The run of a window that ends at a time. */
export const runName = (monitor: string, at: string): string =>
  `${monitor}-${at.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')}`

/** A run that is named, or the one of a window, or the latest of a monitor; undefined where it has none yet. */
export async function findRun(
  client: Client,
  asked: { readonly name?: string; readonly monitor?: string; readonly at?: string },
): Promise<Body | undefined> {
  const { name, monitor, at } = asked
  if (name !== undefined) return client.get<Body>(runPath(name))
  if (monitor === undefined) return undefined
  if (at !== undefined) return client.get<Body>(runPath(runName(monitor, moment(at, '--at'))))
  const last = (await summaries(client, monitor))[0]?.lastRun
  return last === undefined ? undefined : client.get<Body>(runPath(last.name))
}
