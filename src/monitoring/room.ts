import type { Platform, Room } from '../kernel/platform.ts'
import { startSampling } from './infrastructure/sampler.ts'
import { metricsRoutes } from './metrics/routes.ts'

const sampling = new WeakMap<Platform, ReturnType<typeof startSampling>>()

/** Element 8: what is measured of the machine and of the platform, and who asks for it. */
export const monitoring: Room = {
  name: 'monitoring',
  definitions: [],
  routes: metricsRoutes,
  start: async (platform) => void sampling.set(platform, startSampling(platform)),
  stop: async (platform) => sampling.get(platform)?.stop(),
}
