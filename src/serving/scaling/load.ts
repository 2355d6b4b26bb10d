import { readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { type Load, loadFile, parseLoad } from '../gateway/load-report.ts'
import { gatewayFolder } from '../routing/folders.ts'
import { decide, type ScaleMemory, type ScaleRules } from './decide.ts'

/** What the gateway last said of its deployments, by their keys; nothing if it has said nothing. */
export function readLoad(home: string): Load {
  try {
    return parseLoad(readFileSync(join(gatewayFolder(home), loadFile), 'utf8'))
  } catch {
    return { deployments: {} }
  }
}

const memories = new WeakMap<Platform, Map<string, ScaleMemory>>()

/** The number of instances that a deployment should have by what the gateway says of it now. */
export function scaleByLoad(platform: Platform, key: string, rules: ScaleRules, current: number): number {
  const memory = memories.get(platform) ?? new Map<string, ScaleMemory>()
  memories.set(platform, memory)
  const { heldMs = 0, waiting = 0 } = readLoad(platform.config.home).deployments[key] ?? {}
  const sample = { at: platform.clock().getTime(), heldMs, waiting }
  const decided = decide(rules, current, sample, memory.get(key))
  memory.set(key, decided.memory)
  return decided.instances
}

/** Tells of each deployment that cannot wait: a request wants one that sleeps, or an instance does not answer. */
export function watchLoad(home: string, onUrgent: (deployment: string) => void): { close(): void } {
  return watch(gatewayFolder(home), (_, name) => {
    if (name !== loadFile) return
    for (const [key, { waiting, instances, unresponsive }] of Object.entries(readLoad(home).deployments))
      if ((waiting > 0 && instances === 0) || Object.keys(unresponsive).length > 0) onUrgent(key)
  })
}
