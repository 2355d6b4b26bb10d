import { z } from 'zod'
import { deploymentRoute, endpointRoute, type RouteTable, routeTable } from './route-table.ts'

/** A table as far as it can be read. */
export interface TableReading {
  readonly table: RouteTable
  /** What had to be left out, each with what is wrong with it: an endpoint by its path, a deployment by `{path} {name}`. */
  readonly leftOut: Readonly<Record<string, string>>
}

/** What stands around the entries, each of which is read by itself. */
const outline = {
  table: routeTable.extend({ endpoints: z.record(z.string(), z.unknown()) }),
  endpoint: endpointRoute.extend({ deployments: z.record(z.string(), z.unknown()) }),
}

/**
 * Reads a table's text. What does not fit leaves out no more than its own deployment, or its own endpoint. Throws where
 * the text is no table at all, with what is wrong.
 */
export function readTable(text: string): TableReading {
  const leftOut: Record<string, string> = {}
  const entries = <T>(
    of: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
    name: (key: string) => string,
  ) =>
    Object.entries(of).flatMap(([key, value]): [string, T][] => {
      const read = schema.safeParse(value)
      if (read.success) return [[key, read.data]]
      leftOut[name(key)] = problemOf(read.error)
      return []
    })
  const { data, error } = outline.table.safeParse(JSON.parse(text))
  if (data === undefined) throw new Error(`The routing table does not fit (${problemOf(error)}).`)
  const endpoints = entries(data.endpoints, outline.endpoint, (path) => path).map(([path, endpoint]) => {
    const deployments = entries(endpoint.deployments, deploymentRoute, (name) => `${path} ${name}`)
    return [path, { ...endpoint, deployments: Object.fromEntries(deployments) }] as const
  })
  return { table: { ...data, endpoints: Object.fromEntries(endpoints) }, leftOut }
}

/** The first thing that is wrong, and where: `metadata.name: Invalid input: expected string, received undefined`. */
export function problemOf(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'it does not fit' : `${issue.path.join('.')}: ${issue.message}`
}
