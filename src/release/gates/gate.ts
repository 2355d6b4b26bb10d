import type { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'

/**
 * What a gate found. `inconclusive` never passes: the evidence allows both. `not_applicable` passes with a note: there
 * is nothing that the gate could ask (no champion yet, for instance). A gate that could not look throws: that is an
 * *error*, which is neither, and can be retried.
 */
export type GateVerdict = 'pass' | 'fail' | 'inconclusive' | 'not_applicable'

/** One number that a gate found, with what it was held against. */
export interface Measure {
  /** The field's name of it, e.g. `roc_auc`, `equalized_odds_difference`, `latency_p99_ms`. */
  readonly name: string
  /** Whose it is. Default `candidate`. */
  readonly of?: 'candidate' | 'champion' | 'difference' | 'ratio'
  /** Null where it is not defined on these rows; `note` says why. */
  readonly estimate: number | null
  readonly interval?: { readonly lower: number; readonly upper: number; readonly confidence: number }
  /** Rows (or requests) that it was measured on. */
  readonly n?: number
  /** How estimate and interval came about, e.g. `DeLong`, `percentile bootstrap, 2,000 replicates, seed 7`. */
  readonly method?: string
  /** What it had to be, in words: `at least 0.7`, `not worse than the champion by more than 0.005`. */
  readonly limit?: string
  /** The same as numbers, in the estimate's own unit, for who draws it; none of what is held to no number. */
  readonly bound?: { readonly min?: number; readonly max?: number }
  /** The part of the rows that it is about: `{ carrier: 'AA' }`. */
  readonly slice?: Readonly<Record<string, string>>
  /** Absent: told, not judged. */
  readonly verdict?: GateVerdict
  readonly note?: string
}

/** A file that a gate keeps as evidence, below its release's artifacts. */
export interface EvidenceFile {
  /** With its extension, unique within the gate's attempt: `junit.xml`, `curves.json`. */
  readonly name: string
  readonly title: string
  readonly contentType: string
  readonly bytes: number
  readonly sha256: string
}

export interface GateResult {
  readonly verdict: GateVerdict
  /** One sentence for the release's page and the terminal: what was found, with the number that decided. */
  readonly summary: string
  readonly measures: readonly Measure[]
  /** What a reader should know beside the numbers, a sentence each. */
  readonly notes: readonly string[]
  readonly files: readonly EvidenceFile[]
  /** What only this kind of gate has to say (curves, groups, slices, findings); its `report` understands it. */
  readonly details?: Json
}

/** A model version as a gate meets it. */
export interface ReleasedModel {
  /** Of the version, in the stage's workspace or a registry. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly resource: Resource
}

/** What a gate looks at, and what it may do. */
export interface GateContext {
  readonly platform: Platform
  /** Aborts when the server stops; the next server calls `advance` again. */
  readonly signal: AbortSignal
  /** The release's id, and what it is called: `flight-delay/14`. */
  readonly release: { readonly id: string; readonly label: string }
  readonly stage: string
  /** Where the stage is: data, contracts and jobs of the gate are in this workspace. */
  readonly workspaceId: string
  readonly candidate: ReleasedModel
  /** The version that reigns: the alias `champion`, or what the delivery's endpoint serves most. */
  readonly champion: ReleasedModel | undefined
  /** Name of the online endpoint that this plan delivers to, if any: for its champion deployment's settings. */
  readonly endpoint: string | undefined
  /** Under whose rights the gate reads and makes things: the release's. */
  readonly actor: Actor
  /** What the step before this one returned; empty at an attempt's first. */
  readonly state: Json
  /** Same for every step of an attempt and for every retry: results can be reproduced. */
  readonly seed: number
  /**
   * The job of this name within the attempt, made from `properties` (Azure's, of a command or pipeline job) if it is not
   * there yet; the release is looked at again when it ends.
   */
  job(name: string, properties: () => Promise<Json>): Promise<Resource>
  /**
   * Does `work` in the background of this server, once an attempt: undefined while it is under way. Lost with the server
   * and then begun anew, so for what takes seconds to minutes and writes nothing.
   */
  inBackground<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> | undefined
  /** Keeps a file as evidence. Again under the same name, it replaces it. */
  keep(
    file: { name: string; title: string; contentType: string },
    content: string | Uint8Array,
  ): Promise<EvidenceFile>
}

export type GateProgress =
  | { readonly result: GateResult }
  | {
      /** Given to the next step. */
      readonly state?: Json
      /** What it does at the moment, for people: `scores 12,345 rows with flight-delay:3`. */
      readonly doing: string
      /** When to look again, in ms, where no job and no background work tells. */
      readonly again?: number
    }

/** A mistake in a plan: `path` leads from the gate's parameters to it. */
export interface PlanMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What a plan is checked against before it is kept. */
export interface PlanContext {
  readonly platform: Platform
  readonly workspaceId: string
  /** Name of the plan's model. */
  readonly model: string
  readonly actor: Actor
}

/**
 * A kind of check between a candidate and a stage. Small: what it may be told, what it finds. Level-triggered like a
 * reconciler: `advance` is called until it returns a result, expects to be killed between any two lines, and keeps
 * what it needs to go on in `state`.
 */
export interface Gate<P = Json> {
  /** As plans call it: `data_quality`. */
  readonly name: string
  /** One sentence for help and the gates' page. */
  readonly summary: string
  /** What a plan may say below its name; everything has a default where one makes sense. Strict: unknown keys are refused. */
  readonly parameters: z.ZodType<P>
  /** True: looks at the candidate's files without loading them, so it goes first, before anything runs the model. */
  readonly precautionary?: boolean
  /** True: measures how fast things are, so no other gate of its stage runs beside it, and it goes after those. */
  readonly alone?: boolean
  /** Parameters that may be a folder of whoever writes the plan's YAML, which is uploaded as code: `code`. */
  readonly folders?: readonly string[]
  /** Parameters that it takes from the first gate of its stage that says them, where it says nothing itself. */
  readonly inherits?: readonly string[]
  /** What cannot be seen from the words alone: data, contract, endpoint, metric that does not exist. */
  check?(parameters: P, context: PlanContext): Promise<readonly PlanMistake[]>
  advance(parameters: P, context: GateContext): Promise<GateProgress>
  /**
   * Removes what an attempt made beyond its jobs, once it has ended in whatever way: with a result, an error, a cancel.
   * Called until it returns, with the attempt's last `state`; must do no harm where there is nothing.
   */
  tidy?(parameters: P, context: GateContext): Promise<void>
  /** Its evidence as an HTML fragment for the release's report; default: a table of the measures and the notes. */
  report?(result: GateResult): string
}
