import { failedKeepMs } from '../defaults.ts'
import { type DeploymentBody, type Seen, shareOf } from '../target/target.ts'
import { sharesOf, type Rules, type Working } from './state.ts'

/** Why a delivery does not begin, in a sentence; or how it begins. */
export type Beginning =
  | { readonly wait: string }
  | { readonly done: string; readonly candidate: string }
  | { readonly working: Working }

/** What is to be delivered. */
export interface Candidate {
  readonly label: string
  /** Key of the model version. */
  readonly model: string
  /** A name for its deployment, free or not. */
  readonly name: string
  readonly deploymentLike: (champion: string | undefined) => DeploymentBody
}

/** Decides how a delivery begins, by what there is. */
export function begin(seen: Seen, candidate: Candidate, rules: Rules, now: number): Beginning {
  const serving = Object.keys(seen.shares.traffic).filter((name) => shareOf(seen.shares.traffic, name) > 0)
  if (serving.length > 1)
    return {
      wait: `The traffic is split among ${serving.join(' and ')}: a delivery begins when one of them has all of it.`,
    }
  if (Object.keys(seen.shares.mirror).length > 0)
    return {
      wait: `Traffic is mirrored to ${Object.keys(seen.shares.mirror).join(', ')}: a delivery begins when it is not.`,
    }
  const champion = serving[0] ?? null
  if (champion !== null && modelOf(seen, champion) === candidate.model)
    return { done: `${champion} serves ${candidate.label} with all traffic already.`, candidate: champion }
  const { name, isThere } = nameFor(seen, candidate)
  const watched = champion !== null && rules.plan.steps.length > 0
  return {
    working: {
      phase: 'making',
      candidate: name,
      champion,
      deployment: candidate.deploymentLike(champion ?? undefined),
      isOwn: !isThere,
      shares: seen.shares,
      former: seen.shares,
      watch: watched ? { warmMs: 0 } : null,
      isStraight: champion === null || rules.plan.steps.length === 0,
      step: 0,
      since: now,
      segments: [],
      lookedAt: now,
      missedLooks: 0,
    },
  }
}

/** The deployment that serves this model version already, or a name that nothing else has. */
function nameFor(seen: Seen, { name, model }: Candidate): { name: string; isThere: boolean } {
  const own = Object.keys(seen.deployments).find((there) => modelOf(seen, there) === model)
  if (own !== undefined) return { name: own, isThere: true }
  const taken = new Set(Object.keys(seen.deployments).map((there) => there.toLowerCase()))
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : `-${number}`
    const free = `${name.slice(0, longestName - end.length)}${end}`
    if (!taken.has(free.toLowerCase())) return { name: free, isThere: false }
  }
}

const longestName = 32

const modelOf = (seen: Seen, name: string) => seen.deployments[name]?.model

/** A name for the deployment of a version: letters, digits and dashes, 3 to 32 of them, beginning with a letter. */
export function deploymentName(model: string, version: string): string {
  const clean = (text: string) => text.replaceAll(/[^a-zA-Z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '')
  const end = `-${clean(version).slice(0, 12) || '0'}`
  const begin = clean(model)
    .replace(/^[^a-zA-Z]+/, '')
    .slice(0, longestName - end.length)
  return `${begin || 'model'}${end}`
}

/** Takes up a release again whose deployment has gone: the same deployment, then all traffic. */
export const beginAgain = (seen: Seen, former: Working, now: number): Working => {
  const champion = Object.keys(seen.shares.traffic).find((name) => shareOf(seen.shares.traffic, name) > 0)
  const { end: _, held: __, current: ___, carried: ____, ...kept } = former
  return {
    ...kept,
    phase: 'making',
    champion: champion ?? null,
    isOwn: true,
    shares: seen.shares,
    former: seen.shares,
    watch: null,
    isStraight: true,
    since: now,
    lookedAt: now,
  }
}

/** When what a delivery leaves is removed. */
export const clearAfter = (outcome: 'succeeded' | 'failed' | 'rolled_back', { plan }: Rules): number =>
  outcome === 'succeeded' ? plan.keepMs : failedKeepMs

/** All traffic to the candidate. */
export const toCandidate = (working: Working, now: number, former = working.shares): Working => ({
  ...working,
  phase: 'giving',
  former,
  shares: sharesOf.all(working.candidate),
  since: now,
})
