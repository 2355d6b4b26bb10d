/** What is read of a job, as Azure Machine Learning's REST API presents it. */
export interface Job {
  readonly name: string
  readonly properties: {
    readonly status: string
    readonly displayName: string
    readonly parentJobName?: string
    readonly properties: Readonly<Record<string, string>>
    readonly inputs: Readonly<Record<string, { readonly uri?: string }>>
    readonly jobs?: Readonly<Record<string, unknown>>
    readonly error?: { readonly message?: string }
  }
}

/** What is read of a run, as MLflow's API presents it. A job is a run of the same name. */
export interface Run {
  /** Milliseconds since 1970. */
  readonly info: { readonly start_time?: number; readonly end_time?: number }
  readonly data: {
    readonly metrics?: readonly { readonly key: string; readonly value: number }[]
    readonly tags?: readonly { readonly key: string; readonly value: string }[]
  }
}

/** A metric to show: three decimals, or a whole number as it is; `?` if it was not logged. */
export function metric(run: Run, key: string): string {
  const value = run.data.metrics?.find((m) => m.key === key)?.value
  if (value === undefined) return '?'
  return Number.isInteger(value) ? String(value) : value.toFixed(3)
}

/** A tag's value, or nothing. */
export const tag = (run: Run, key: string): string => run.data.tags?.find((t) => t.key === key)?.value ?? ''
