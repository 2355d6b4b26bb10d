import type { Described } from '../../../../../src/cli/yaml/describe.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'

/** What an editor is told of the language of a document. */
export interface DocumentLanguage {
  /** What may stand at a path of a text. */
  readonly describe: (text: string, path: readonly (string | number)[]) => readonly Described[]
  /** Names that may stand as the value of a field: what is at the server. `word` is what is typed of it. */
  readonly references: (field: string, word: string) => Promise<readonly Reference[]>
  /** Everything that is wrong with a text. */
  readonly problems: readonly Problem[]
}

/** What a problem's hint would have in its place: `stages` of `did you mean stages?`. */
export const betterOf = ({ hint }: Problem): string | undefined =>
  /^did you mean (.+)\?$/.exec(hint ?? '')?.[1]

/** A name that may be referred to. */
export interface Reference {
  /** As it is written: `azureml:flights@latest`. */
  readonly label: string
  /** `data asset, latest 12`. */
  readonly detail: string
}
