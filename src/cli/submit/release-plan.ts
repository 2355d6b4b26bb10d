import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isMap } from '../../kernel/grammar/place.ts'
import { releasePlanBody } from '../bodies/release-plan.ts'
import { makeClient } from '../client/client.ts'
import type { Client, Json } from '../client/client.ts'
import { uploadCode } from '../upload/assets.ts'
import type { ReleasePlanFile } from '../yaml/shapes/release-plan.ts'

/**
 * The body of a plan. Local folders that gates are given (`unit_tests: { code: . }`) are uploaded as code of their stage's
 * workspace, as a job's are, and referred to by their ids.
 */
export async function planBody(client: Client, plan: ReleasePlanFile, folder: string): Promise<Json> {
  const { gates } = await import('../../release/gates/gates.ts')
  const folders = new Map(gates.map((gate) => [gate.name, gate.folders ?? []]))
  const stages: unknown[] = []
  for (const stage of plan.stages as readonly Json[]) {
    const there = clientOf(client, stage['workspace'])
    const planned: unknown[] = []
    for (const gate of (stage['gates'] ?? []) as readonly unknown[])
      planned.push(isMap(gate) ? await uploaded(there, gate, folders, folder) : gate)
    stages.push({ ...stage, ...(stage['gates'] == null ? {} : { gates: planned }) })
  }
  return releasePlanBody({ ...plan, stages })
}

/** A client of the workspace that a stage names. */
const clientOf = (client: Client, workspace: unknown): Client =>
  typeof workspace === 'string' ? makeClient({ ...client.connection, workspace }) : client

async function uploaded(
  client: Client,
  gate: Json,
  folders: ReadonlyMap<string, readonly string[]>,
  folder: string,
): Promise<Json> {
  const entries: [string, unknown][] = []
  for (const [name, parameters] of Object.entries(gate)) {
    const local = folders.get(name) ?? []
    if (!isMap(parameters) || local.length === 0) {
      entries.push([name, parameters])
      continue
    }
    const given: [string, unknown][] = []
    for (const [key, value] of Object.entries(parameters)) {
      const path = local.includes(key) && typeof value === 'string' ? resolve(folder, value) : undefined
      const isThere = path !== undefined && (await stat(path).catch(() => undefined)) !== undefined
      given.push([key, isThere ? await uploadCode(client, path) : value])
    }
    entries.push([name, Object.fromEntries(given)])
  }
  return Object.fromEntries(entries)
}
