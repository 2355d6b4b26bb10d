import { stat } from 'node:fs/promises'
import { z } from 'zod'
import type { Platform } from '../../kernel/platform.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import { inspectInstance, instanceLog, lastLines } from './instances.ts'
import { preparationLog } from './revision/prepare-revision.ts'
import type { Runtime } from './runtime.ts'

const request = z.looseObject({
  containerType: oneOf(['StorageInitializer', 'InferenceServer']).nullish(),
  tail: z.number().int().min(1).max(10_000).nullish(),
})

/**
 * POST getLogs: the last lines of every instance's output, or, for `StorageInitializer`, what the preparation said of
 * model, code and environment.
 */
export const getLogs: Action = {
  asks: true,
  input: request,
  async run({ platform, resource, input }) {
    const { containerType, tail } = input as z.infer<typeof request>
    const lines = tail ?? 500
    if (containerType === 'StorageInitializer')
      return { body: { content: await lastLines(preparationLog(platform.config.home, resource.key), lines) } }
    const { serving, coming } = (resource.status['runtime'] ?? {}) as Runtime
    const processes = [...new Set([...(serving?.processes ?? []), ...(coming?.processes ?? [])])]
    const parts = await Promise.all(
      processes.map(async (process, i) => {
        const { phase } = await inspectInstance(platform, process)
        const said = await lastLines(await newestLog(platform, resource.key, process), lines)
        return `== instance ${i} (${phase})\n${said}\n`
      }),
    )
    return {
      body: { content: parts.join('\n') || `No instance has been started. ${lastError(resource.status)}` },
    }
  },
}

/** Of an instance's two logs, the one written last. */
export async function newestLog({ config }: Platform, deployment: string, process: string): Promise<string> {
  const logs = [0, 1].map((n) => instanceLog(config.home, deployment, process, n))
  const times = await Promise.all(
    logs.map((log) =>
      stat(log).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    ),
  )
  return ((times[1] ?? 0) > (times[0] ?? 0) ? logs[1] : logs[0]) ?? ''
}

const lastError = (status: Readonly<Record<string, unknown>>): string =>
  (status['error'] as { message?: string } | null | undefined)?.message ?? ''
