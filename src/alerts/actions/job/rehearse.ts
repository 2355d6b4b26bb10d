import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ActionContext } from '../action.ts'
import { isWindow, type GivenInput } from './parameters.ts'
import { endpointTarget } from '../targets.ts'
import { gather } from './window.ts'

/** What a job would read, in words, with the rows that its windows have now. Nothing is kept. */
export async function rehearseInputs(
  context: ActionContext,
  given: Readonly<Record<string, GivenInput>>,
): Promise<readonly string[]> {
  const said: string[] = []
  for (const value of Object.values(given)) if (isWindow(value)) said.push(await rowsOf(context, value))
  return said
}

async function rowsOf(
  context: ActionContext,
  wanted: Extract<GivenInput, { readonly window: string }>,
): Promise<string> {
  const { platform, alert, signal } = context
  const above = join(platform.config.home, 'analytics')
  await mkdir(above, { recursive: true })
  const folder = await mkdtemp(join(above, 'rehearsed-'))
  try {
    const endpoint = await endpointTarget(context, wanted.of, alert.labels)
    const file = join(folder, 'data')
    const found = await gather(platform, endpoint.id, wanted, {
      file,
      format: 'parquet',
      now: platform.clock(),
      signal,
    })
    return found.inWords
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
