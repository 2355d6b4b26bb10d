import { z } from 'zod'
import type { Gate, GateContext, GateProgress } from '../gates/gate.ts'
import { gates } from '../gates/gates.ts'

const parameters = z.strictObject({ score: z.number().default(1), min: z.number().default(0) })

/** A gate that does what a test says at each of its steps. */
export interface StagedGate {
  readonly gate: Gate<z.infer<typeof parameters>>
  /** What it does next; default: it compares `score` with `min`. */
  advance: (context: GateContext) => Promise<GateProgress> | GateProgress
  /** Labels of the releases that it was asked about, once a step. */
  readonly asked: string[]
  readonly tidied: number[]
}

/** Adds a gate of this name to those that plans may ask for, for as long as this process lives. */
export function addGate(name: string, options: { readonly precautionary?: boolean } = {}): StagedGate {
  const asked: string[] = []
  const tidied: number[] = []
  const staged: StagedGate = {
    asked,
    tidied,
    gate: {
      name,
      summary: 'A gate of a test.',
      parameters,
      ...options,
      async advance({ score, min }, context) {
        asked.push(context.release.label)
        const told = await staged.advance(context)
        if (!('result' in told) || told.result.measures.length > 0) return told
        const verdict = score >= min ? 'pass' : 'fail'
        const measure = { name: 'score', estimate: score, limit: `at least ${min}`, verdict } as const
        return { result: { ...told.result, verdict, measures: [measure] } }
      },
      async tidy(_, { seed }) {
        tidied.push(seed)
      },
    },
    advance: () => ({
      result: { verdict: 'pass', summary: `${name} looked`, measures: [], notes: [], files: [] },
    }),
  }
  const known = gates as Gate<never>[]
  known.push(staged.gate as Gate<never>)
  return staged
}
