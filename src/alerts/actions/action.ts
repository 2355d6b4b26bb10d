import type { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { Labels } from '../rules/machine.ts'

/** What an action acts upon: the firing of an alert, or (with `rehearsal`) an example of one. */
export interface ActionContext {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly workspaceId: string
  /** Under whose rights it acts: the rule's writer. */
  readonly actor: Actor
  readonly rule: {
    readonly id: string
    readonly name: string
    readonly severity: string
    readonly annotations: Labels
  }
  readonly alert: {
    readonly labels: Labels
    readonly value: number
    readonly summary: string
    readonly firedAt: Date
  }
  /** Id of the incident; undefined in a rehearsal. */
  readonly incident: string | undefined
  /** Same for every try of this action of this firing: names of what it makes come from it, so it is made once. */
  readonly key: string
  /** What the step before this one returned; empty at first. */
  readonly state: Json
  /** What to do with what came of it (`then: release`). */
  readonly afterwards: string | undefined
}

export type ActionProgress =
  /** It is done: what it did in a sentence, and what it made. */
  | { readonly done: string; readonly made?: readonly string[] }
  /** It will not be done, for a reason: not tried again. */
  | { readonly refused: string }
  | { readonly state?: Json; readonly doing: string; readonly again?: number }

/**
 * A kind of action: what a rule may do when it fires. Level-triggered: `advance` is called until it is done or refused,
 * and expects to be killed between any two lines; a throw is tried again with growing pauses.
 */
export interface ActionKind<P = Json> {
  /** As rules call it: `retrain`. */
  readonly name: string
  readonly summary: string
  readonly parameters: z.ZodType<P>
  /** Words that may stand in `then:` beside it. */
  readonly afterwards?: readonly string[]
  /** What cannot be seen from the words alone: a connection, job, endpoint that does not exist. */
  check?(
    parameters: P,
    context: { readonly platform: Platform; readonly workspaceId: string; readonly actor: Actor },
  ): Promise<readonly { readonly path: readonly (string | number)[]; readonly message: string }[]>
  /** What it would do, in a sentence, without doing it: for `alert test`. */
  rehearse(parameters: P, context: ActionContext): Promise<string>
  advance(parameters: P, context: ActionContext): Promise<ActionProgress>
}
