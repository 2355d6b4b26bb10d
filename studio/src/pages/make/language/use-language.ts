import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { describeAt, type JsonSchema } from '../../../../../src/cli/yaml/describe.ts'
import { kinds } from '../../../../../src/cli/yaml/kinds.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import { parseSource, type Grammar, type Reach } from '../../../../../src/cli/yaml/source.ts'
import { call } from '../../../api/call.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import type { DocumentLanguage } from '../../../parts/code/yaml/language.ts'
import { shapesOf } from '../documents/kinds/shapes.ts'
import { referencesOf } from './references.ts'
import type { Reading } from '../documents/read.ts'

/** Grammars of the server that a kind of document has something of. */
const grammarsOf: Partial<Record<MakeKindName, Grammar>> = {
  'data-contract': 'dataContract',
  'release-plan': 'releasePlan',
  repository: 'repository',
  'alert-rule': 'alertRule',
  'alert-routing': 'alertRouting',
  silence: 'silence',
  schedule: 'signal',
  monitor: 'signal',
}

/** What the editor is told of a kind of document: what may stand where, names at the server, and what is wrong. */
export function useLanguage(
  kind: MakeKindName,
  reading: Reading | undefined,
  reach: Reach,
  problems: readonly Problem[],
): DocumentLanguage {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const grammar = grammarsOf[kind]
  const [schema] = useQueries({
    queries: (grammar === undefined ? [] : [grammar]).map((name) => ({
      queryKey: ['schema', workspace.id, name],
      queryFn: () =>
        call<JsonSchema>(`${workspace.id}/documentSchema`, { method: 'POST', body: { grammar: name } }),
      staleTime: Infinity,
    })),
  })
  const known = schema?.data
  const shapes = shapesOf[kind]
  const loadedKind = reading?.loaded?.kind
  return useMemo(() => {
    const own = loadedKind !== undefined && shapes.includes(loadedKind) ? [loadedKind] : shapes
    return {
      describe(text, path) {
        const source = parseSource(text, kind, '', reach)
        return own.flatMap((one) =>
          describeAt(kinds[one], source, path, (asked) => (asked === grammar ? known : undefined)),
        )
      },
      references: (field, word) => referencesOf(queries, workspace.id, kind, field, word),
      problems,
    }
  }, [kind, known, grammar, loadedKind, shapes, problems, reach, queries, workspace.id])
}
