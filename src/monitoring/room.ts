import type { Platform, Room } from '../kernel/platform.ts'
import { startSampling } from './infrastructure/sampler.ts'

const sampling = new WeakMap<Platform, ReturnType<typeof startSampling>>()

/** Element 8: what is measured of the machine and the platform. */
export const monitoring: Room = {
  name: 'monitoring',
  definitions: [],
  start: async (platform) => void sampling.set(platform, startSampling(platform)),
  stop: async (platform) => sampling.get(platform)?.stop(),
}
