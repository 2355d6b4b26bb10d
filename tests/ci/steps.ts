/** One step of a CI file, whatever CI it is for. */
export interface Step {
  readonly name: string
  /** What it runs in bash; undefined for an action or task of the CI's own, whose name `uses` is. */
  readonly script: string | undefined
  readonly uses: string | undefined
  readonly env: Readonly<Record<string, string>>
  /** `success`: unless a step has failed before; `always`; `never`: its condition does not hold here. */
  readonly when: 'success' | 'always' | 'never'
}

/** A job of a CI file, with its expressions replaced by what they mean here. */
export interface Job {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

/** What stands for the CI's settings: variables and secrets by name, and the folder of the clone. */
export interface Setting {
  readonly workspace: string
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}
