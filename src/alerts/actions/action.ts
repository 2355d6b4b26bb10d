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
  /** Id of this action of the incident, for what has to find it again; '' in a rehearsal. */
  readonly action: string
  /** Same for every try of this action of this firing: names of what it makes come from it, so it is made once. */
  readonly key: string
  /**
   * Names what it is that is acted upon, the same whichever rule says it: two rules that retrain by the same job have
   * the same, so that what must not be done twice at once can be seen.
   */
  readonly subject: string
  /** What the step before this one returned; empty at first. */
  readonly state: Json
  /** What to do with what came of it (`then: release`). */
  readonly afterwards: string | undefined
}

export type ActionProgress =
  /** It is done: what it did in a sentence, and what it made, by id or address. */
  | { readonly done: string; readonly made?: readonly string[]; readonly state?: Json }
  /** It will not be done, for a reason: not tried again. */
  | { readonly refused: string }
  | { readonly state?: Json; readonly doing: string; readonly again?: number }

/** A mistake in what a rule says of an action: `path` leads from the action's parameters to it. */
export interface ActionMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What a rule is checked against before it is kept. */
export interface CheckContext {
  readonly platform: Platform
  readonly workspaceId: string
  readonly actor: Actor
}

/**
 * A kind of action: what a rule may do when it fires. Level-triggered: `advance` is called until it is done or refused,
 * and expects to be killed between any two lines; a throw is tried again with growing pauses, a UserError of what the
 * rule's writer has to mend is a refusal.
 */
export interface ActionKind<P = Json> {
  /** As rules call it: `retrain`. */
  readonly name: string
  readonly summary: string
  /** Strict, and idempotent: it accepts what it has given. */
  readonly parameters: z.ZodType<P>
  /** Words that may stand in `then:` beside it. */
  readonly afterwards?: readonly string[]
  /** What of its parameters names what is acted upon. Default: all of them. */
  subject?(parameters: P): unknown
  /** How long it is not done again for the same alert where the rule says nothing, in ms. Default 0. */
  coolDownMs?(parameters: P): number
  /** What cannot be seen from the words alone: a connection, job, endpoint that does not exist. */
  check?(parameters: P, context: CheckContext): Promise<readonly ActionMistake[]>
  /** What it would do, in a sentence, without doing it: for `alert test`. Throws what would stop it. */
  rehearse(parameters: P, context: ActionContext): Promise<string>
  advance(parameters: P, context: ActionContext): Promise<ActionProgress>
  /** What it does when the incident is over, if it had been done: `state` is the last of `advance`. */
  resolve?(parameters: P, context: ActionContext): Promise<ActionProgress>
}
