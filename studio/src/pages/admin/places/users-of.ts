import { useQueries } from '@tanstack/react-query'
import { listQuery } from '../../../api/queries.ts'
import { useWorkspace } from '../../../frame/workspace.ts'

/** Kinds of resources that name connections or datastores, as people call one of them. */
const users = [
  { path: 'datastores', noun: 'datastore' },
  { path: 'providers/Twinloop/dataImports', noun: 'import' },
  { path: 'providers/Twinloop/dataExports', noun: 'export' },
  { path: 'providers/Twinloop/eventSubscriptions', noun: 'subscription' },
  { path: 'providers/Twinloop/alertRules', noun: 'alert rule' },
  { path: 'providers/Twinloop/alertRouting', noun: 'alert routing' },
  { path: 'providers/Twinloop/releasePlans', noun: 'release plan' },
  { path: 'providers/Twinloop/repositories', noun: 'repository' },
] as const

/** Where a name stands as a reference: by itself, or at the end of an id or of `azureml:…`. */
const names = (text: string, type: string, name: string) => {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`"(?:azureml:|[^"]*/${type}/)?${escaped}(?:/[^"]*)?"`, 'i').test(text)
}

/** What declares that it uses a connection or a datastore, as `import nightly`; what runs may use others. */
export function useUsers(): (type: 'connections' | 'datastores', name: string) => readonly string[] {
  const { id } = useWorkspace()
  const lists = useQueries({ queries: users.map(({ path }) => listQuery(`${id}/${path}`)) })
  const known = lists.flatMap(({ data = [] }, i) =>
    data.map((one) => ({
      path: users[i]?.path,
      says: `${users[i]?.noun ?? ''} ${one.name}`,
      text: JSON.stringify(one.properties),
    })),
  )
  return (type, name) =>
    known
      .filter(
        ({ path, text }) => !(type === 'datastores' && path === 'datastores') && names(text, type, name),
      )
      .map(({ says }) => says)
}
