import type { Platform, Room } from '../kernel/platform.ts'
import { startSampling } from './infrastructure/sampler.ts'
import { metricsRoutes } from './metrics/routes.ts'
import { startExport } from './opentelemetry/export.ts'

const running = new WeakMap<Platform, readonly { stop(): Promise<void> }[]>()

/** Element 8: what is measured of the machine and of the platform, and who asks for it. */
export const monitoring: Room = {
  name: 'monitoring',
  definitions: [],
  routes: metricsRoutes,
  async start(platform) {
    const isExported = platform.config.otlpUrl !== ''
    running.set(platform, [startSampling(platform), ...(isExported ? [startExport(platform)] : [])])
  },
  async stop(platform) {
    await Promise.all((running.get(platform) ?? []).map((one) => one.stop()))
  },
}
