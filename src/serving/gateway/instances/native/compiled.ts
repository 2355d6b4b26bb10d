import { z } from 'zod'

/** A column of the model's signature, and where its values stand in the packed inputs of the ONNX graph. */
const column = z.object({
  name: z.string(),
  type: z.enum(['double', 'float', 'long', 'integer', 'boolean', 'string']),
  required: z.boolean(),
  /** `numbers` are doubles, rows by the numeric columns; `texts` are strings, rows by the others. */
  tensor: z.enum(['numbers', 'texts']),
  position: z.number().int().nonnegative(),
})

const compiled = z.object({
  columns: z.array(column).min(1),
  answer: z.object({
    /** `labels`: positions in `classes`, one a row. `vector`: a number a row. `matrix`: `width` numbers a row. */
    kind: z.enum(['labels', 'vector', 'matrix']),
    /** What the Open Inference Protocol calls the type of what Python's predict returns. */
    datatype: z.string(),
    /** Name of the output in the Open Inference Protocol. */
    output: z.string(),
    width: z.number().int().positive().optional(),
    classes: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  /** Whether the graph has the output `refused`, which is true for the rows that Python raises an error for. */
  refuses: z.boolean(),
  rows: z.object({ real: z.number(), made: z.number() }),
  versions: z.record(z.string(), z.string()),
})

/** What python/compile_model.py says of the model that it compiled. */
export type Compiled = z.infer<typeof compiled>

/** Either what was compiled or why it could not be. */
export const compilation = z.discriminatedUnion('compiled', [
  compiled.extend({ compiled: z.literal(true) }),
  z.object({ compiled: z.literal(false), reason: z.string() }),
])
