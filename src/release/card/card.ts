import type { Measure } from '../gates/gate.ts'

/**
 * What there is to know of a model version before it is used, in the parts of a model card (Mitchell et al. 2019, as
 * Google's Model Card Toolkit and Hugging Face have them). What nobody has said is absent, and told as such.
 */
export interface ModelCard {
  /** Version of this document's shape. */
  readonly format: 1
  readonly model: {
    readonly id: string
    readonly name: string
    readonly version: string
    readonly type?: string
    /** MLflow's flavour with its version: `sklearn 1.5.2`. */
    readonly flavor?: string
    readonly description?: string
    readonly aliases: readonly string[]
    readonly registeredAt: string
    readonly registeredBy: string
    readonly tags: Readonly<Record<string, string>>
  }
  /** What people say of it, by tags of the version: see `authored`. */
  readonly authored: Readonly<Partial<Record<Authored, string>>>
  readonly data: { readonly training: readonly string[]; readonly evaluation: readonly string[] }
  readonly origin: {
    readonly run?: string
    readonly job?: string
    /** Pipeline, code, command and environment. */
    readonly made: readonly (readonly [name: string, value: string])[]
  }
  readonly signature?: { readonly inputs: readonly CardField[]; readonly outputs: readonly CardField[] }
  readonly evaluations: readonly CardEvaluation[]
  /** Oldest first. */
  readonly decisions: readonly CardDecision[]
  /** Labels of the releases that it was in, newest first. */
  readonly releases: readonly { readonly label: string; readonly state: string; readonly reason: string }[]
  /** What the card cannot tell, a sentence each. */
  readonly notes: readonly string[]
}

export interface CardField {
  readonly name: string
  readonly type: string
  readonly required: boolean
}

/** What a gate of the newest release that asked it has found. */
export interface CardEvaluation {
  readonly gate: string
  readonly release: string
  readonly stage: string
  readonly state: string
  readonly summary: string
  readonly measures: readonly Measure[]
  readonly notes: readonly string[]
}

export interface CardDecision {
  readonly at: string
  readonly by: string
  /** `approved production of flight-delay/2 as ML Engineer`. */
  readonly what: string
  readonly comment?: string
}

/** Parts of a card that only people can write, by the tag of the version that has them. */
export const authored = {
  intended_use: 'Intended use',
  out_of_scope_use: 'Out of scope',
  limitations: 'Limitations',
  ethical_considerations: 'Ethical considerations',
  license: 'License',
  contact: 'Contact',
} as const
export type Authored = keyof typeof authored
