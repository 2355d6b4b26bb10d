import type { Described, Field } from '../../../../../src/cli/yaml/describe.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import { isWithin, type Path, type Source } from '../../../../../src/cli/yaml/source.ts'
import type { DocumentLanguage } from '../../../parts/code/yaml/language.ts'
import { valueAt, withValue } from './edit.ts'

/** A document as a form sees it: values at paths, what may stand there, what is wrong there. */
export interface Form {
  readonly text: string
  readonly value: (path: Path) => unknown
  readonly set: (path: Path, value: unknown) => void
  /** Changes several values as one. */
  readonly setAll: (changes: readonly (readonly [Path, unknown])[]) => void
  readonly describe: (path: Path) => readonly Described[]
  /** What may stand at a path once a value stands there. */
  readonly describeWith: (path: Path, value: unknown) => readonly Described[]
  /** What is known of a field of the map at a path. */
  readonly field: (path: Path) => Field | undefined
  readonly references: DocumentLanguage['references']
  /** The first thing that is wrong with the value at a path. */
  readonly wrong: (path: Path) => string | undefined
}

/** A text as a form. `source` is what the problems were found in. */
export function formOf(
  text: string,
  onChange: (text: string) => void,
  language: DocumentLanguage,
  source: Source | undefined,
): Form {
  const setAll: Form['setAll'] = (changes) =>
    onChange(changes.reduce((changed, [path, value]) => withValue(changed, path, value), text))
  return {
    text,
    value: (path) => valueAt(text, path),
    set: (path, value) => setAll([[path, value]]),
    setAll,
    describe: (path) => language.describe(text, path),
    describeWith: (path, value) => language.describe(withValue(text, path, value), path),
    field: (path) => {
      const name = path.at(-1)
      if (typeof name !== 'string') return undefined
      const fields = language.describe(text, path.slice(0, -1)).flatMap((one) => [...one.fields])
      return fields.find(([known]) => known === name)?.[1]
    },
    references: language.references,
    wrong: (path) => {
      const found =
        source?.text === text
          ? language.problems.find(
              ({ range, severity }: Problem) =>
                severity === 'error' && range !== undefined && isWithin(source, path, range[0]),
            )
          : undefined
      return found && (found.hint === undefined ? found.message : `${found.message}: ${found.hint}`)
    },
  }
}
