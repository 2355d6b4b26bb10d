import { z } from 'zod'

/** What python/twinloop_batch/plan.py calls an item: a file, or a part of a large one. */
const item = z.object({
  path: z.string(),
  name: z.string(),
  /** Of a part: how many rows of the file are before it. */
  first_row: z.number().optional(),
  row_groups: z.array(z.number()).optional(),
  /** Of a part of a file of text: bytes of the file's header, and where the part begins and ends. */
  header: z.number().optional(),
  start: z.number().optional(),
  end: z.number().optional(),
})
export type Item = z.infer<typeof item>

/** A line that the driver sends. */
export const order = z.object({ index: z.number(), items: z.array(item) })

/** What of the driver's settings matters here. */
export const settingsSchema = z.object({
  output_action: z.string().default('append_row'),
  output_file_name: z.string().default('predictions.csv'),
  keep_columns: z.array(z.string()).default([]),
})
export type Settings = z.infer<typeof settingsSchema>

/** Thrown for what Python is to score, with the reason: what it makes of it is not known here for sure. */
export class Declined extends Error {}
