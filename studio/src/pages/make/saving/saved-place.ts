import type { Body } from '../../../../../src/cli/present/present.ts'
import { useSearch } from '@tanstack/react-router'
import { pathOf } from '../../../frame/paths.ts'
import { stringifySearch, type Search } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import type { MakeKindName } from '../../../parts/make-kinds.ts'

/** Where what was saved is shown: its own page, or the page of what it belongs to. */
export function usePlaceOf(kind: MakeKindName): (saved: Body) => string {
  const words = useSearch({ strict: false, select: ({ share, copies }: Search) => ({ share, copies }) })
  const to = usePaths()
  const { key } = useWorkspace()
  return ({ id = '', name = '' }) => {
    switch (kind) {
      case 'monitor':
        return to.monitor(name)
      case 'schedule':
        return to.schedule(name)
      case 'alert-rule':
        return to.alertRule(name)
      case 'alert-routing':
        return to.alertRouting
      case 'silence':
        return to.silences
      case 'online-deployment': {
        // What it is to get of the traffic is the endpoint's page to ask for.
        const { share, copies } = words
        const second = share === undefined && copies === undefined ? {} : { next: name, share, copies }
        return `${to.endpoint(/onlineEndpoints\/([^/]+)/i.exec(id)?.[1] ?? name)}${stringifySearch(second)}`
      }
      case 'batch-endpoint':
        return to.batchEndpoint(name)
      case 'batch-deployment':
        return to.batchEndpoint(/batchEndpoints\/([^/]+)/i.exec(id)?.[1] ?? name)
      case 'data-import':
      case 'data-contract':
        return to.data
      case 'datastore':
      case 'connection':
      case 'compute':
      case 'environment':
      case 'repository':
        return to.admin
      default:
        return pathOf(key, id) ?? to.home
    }
  }
}
