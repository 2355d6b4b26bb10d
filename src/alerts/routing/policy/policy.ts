import type { Labels } from '../../rules/machine.ts'
import { defaultPatience, type Patience } from '../groups.ts'
import { matchesAll, type Matcher } from '../matchers.ts'
import type { Inhibition } from '../mute.ts'

/** Who is told of which alerts, how patiently, and which alerts explain others: in Alertmanager's words. */
export interface Policy {
  readonly receivers: readonly AlertReceiver[]
  readonly route: Route
  readonly inhibitions: readonly Inhibition[]
  /** Where all alerts that nobody silenced are pushed, as Prometheus does: addresses, or names of connections. */
  readonly alertmanagers: readonly string[]
}

/** People by mail, and programs by connections of the workspace. Without either it is there to tell nobody. */
export interface AlertReceiver {
  readonly name: string
  readonly email: readonly string[]
  readonly webhook: readonly string[]
  /** False: nothing is told of what is over. */
  readonly sendResolved: boolean
}

/** A node of the tree by which alerts come to receivers; what a child leaves out is as in its parent. */
export interface Route {
  readonly receiver: string
  readonly matchers: readonly Matcher[]
  /** Labels whose values make a group; `'all'`: each alert is its own. */
  readonly groupBy: readonly string[] | 'all'
  readonly patience: Patience
  /** True: the siblings after it are asked, too. */
  readonly goesOn: boolean
  readonly routes: readonly Route[]
}

/** Nobody is told of anything: so it is where nobody has said otherwise. */
export const silentPolicy: Policy = {
  receivers: [],
  route: {
    receiver: '',
    matchers: [],
    groupBy: ['alertname'],
    patience: defaultPatience,
    goesOn: false,
    routes: [],
  },
  inhibitions: [],
  alertmanagers: [],
}

/**
 * The routes that an alert takes, as Alertmanager's `Route.Match` has it, each with the matchers on the way to it, which name
 * it even if others come before it.
 */
export function routesOf(
  route: Route,
  labels: Labels,
  above = '',
): readonly { readonly route: Route; readonly place: string }[] {
  if (!matchesAll(labels, route.matchers)) return []
  const place = `${above}{${route.matchers.map(({ label, operator, value }) => label + operator + value).join(',')}}`
  const found: { readonly route: Route; readonly place: string }[] = []
  for (const child of route.routes) {
    const below = routesOf(child, labels, place)
    found.push(...below)
    if (below.length > 0 && !child.goesOn) break
  }
  return found.length === 0 ? [{ route, place }] : found
}

/** The labels that an alert's group has. */
export const groupLabels = ({ groupBy }: Route, labels: Labels): Labels =>
  groupBy === 'all'
    ? labels
    : Object.fromEntries(
        groupBy.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]] as const])),
      )
