import { useQuery } from '@tanstack/react-query'
import type { Resource } from '../api/resource.ts'

/** Kinds of resources that the command line writes as YAML. */
export type YamlKind =
  | 'data'
  | 'model'
  | 'job'
  | 'endpoint'
  | 'deployment'
  | 'releasePlan'
  | 'release'
  | 'contract'
  | 'alertRule'
  | 'alertRouting'
  | 'silence'

/** A resource as `twinloop … show -o yaml` prints it: by the same functions. Undefined while they are loaded. */
export function useYaml(resource: Resource<unknown>, kind: YamlKind | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['yaml', resource.id, resource.etag, kind],
    queryFn: async () => {
      const [{ stringify }, { presented }] = await Promise.all([import('yaml'), import('./presented.ts')])
      return stringify(presented(resource, kind), { lineWidth: 110 })
    },
  })
  return data
}
