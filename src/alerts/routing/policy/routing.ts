import { errors, type Problem } from '../../../kernel/errors.ts'
import { spelled } from '../../../kernel/grammar/place.ts'
import { writtenIn } from '../../../kernel/grammar/written.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Json, Prepared, ResourceDefinition } from '../../../kernel/resources/resource.ts'
import { assetFields } from '../../../kernel/resources/schema.ts'
import { parsePolicy, policyWords } from './parse.ts'
import { silentPolicy, type Policy } from './policy.ts'

/** The only name that a workspace's routing has. */
export const routingName = 'default'

const ownWords = (properties: Json): Json => {
  const others = new Set([...Object.keys(assetFields), 'alertmanagerStates'])
  return Object.fromEntries(Object.entries(properties).filter(([word]) => !others.has(word)))
}

const schema = writtenIn(policyWords, (properties) => parsePolicy(ownWords(properties)).mistakes).superRefine(
  (properties, context) => {
    for (const { path, message, hint } of parsePolicy(ownWords(properties)).mistakes)
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: hint === undefined ? message : `${message} (${hint})`,
      })
  },
)

/** Who in a workspace is told of which alerts: `alertRouting/default`. Without it, rules' own actions alone tell anybody. */
export const alertRouting: ResourceDefinition = {
  type: 'alertRouting',
  provider: 'Twinloop',
  summary: 'Who is told of which alerts, how they are grouped, and which alerts explain others.',
  schema,
  async prepare({ id, name, body }, platform): Promise<Prepared | undefined> {
    const workspace = scopeId(id)
    if (
      workspace === undefined ||
      !/\/workspaces\/[^/]+\/providers\/twinloop\/alertRouting\/[^/]+$/i.test(id)
    )
      throw errors.badRequest(`An alert routing belongs to a workspace; '${id}' is not in one.`)
    if (name.toLowerCase() !== routingName)
      throw errors.validation(
        `A workspace has one routing, and it is called '${routingName}', not '${name}'.`,
        {
          target: 'name',
        },
      )
    await checkConnections(platform, workspace, policyIn(body.properties), body.properties)
    return undefined
  },
}

/** The policy that properties of a resource are. */
export function policyIn(properties: Json): Policy {
  const { policy, mistakes } = parsePolicy(ownWords(properties))
  if (policy !== undefined) return policy
  throw errors.validation(`This alert routing cannot be read: ${mistakes[0]?.message ?? 'it is empty'}.`)
}

export const routingId = (workspaceId: string): string =>
  childId(workspaceId, 'providers', 'Twinloop', 'alertRouting', routingName)

/** The routing of a workspace; one that tells nobody, where there is none. */
export async function policyOf(platform: Platform, workspaceId: string): Promise<Policy> {
  const found = await platform.resources.find(routingId(workspaceId))
  return found === undefined ? silentPolicy : policyIn(found.properties)
}

/** Throws validation for connections that there are not, with their places and the nearest. */
async function checkConnections(
  platform: Platform,
  workspaceId: string,
  policy: Policy,
  properties: Json,
): Promise<void> {
  const known = (
    await platform.resources.list({ type: 'workspaces/connections', parent: workspaceId, top: 10_000 })
  ).map(({ name }) => name)
  const isSingle = (i: number, word: string) =>
    !Array.isArray((properties['receivers'] as readonly Json[])[i]?.[word])
  const named = [
    ...policy.receivers.flatMap(({ webhook }, i) =>
      webhook.map((name, j) => ({
        name,
        path: ['receivers', i, 'webhook', ...(isSingle(i, 'webhook') ? [] : [j])],
      })),
    ),
    ...policy.alertmanagers.flatMap((name, i) =>
      isAddress(name)
        ? []
        : [{ name, path: ['alertmanagers', ...(Array.isArray(properties['alertmanagers']) ? [i] : [])] }],
    ),
  ]
  const problems = named
    .filter(({ name }) => !known.some((one) => one.toLowerCase() === name.toLowerCase()))
    .map(({ name, path }): Problem => {
      const near = nearest(name, known)
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      return {
        target: ['properties', ...path].join('.'),
        message: `${spelled(path)}: there is no connection '${name}'${hint}`,
      }
    })
  const [first] = problems
  if (first === undefined) return
  throw errors.validation(`The routing is not valid: ${first.message}`, {
    details: problems,
    ...(first.target === undefined ? {} : { target: first.target }),
  })
}

/** Whether an Alertmanager is named by its address; otherwise it is a connection's name. */
export const isAddress = (alertmanager: string): boolean => /^https?:\/\//i.test(alertmanager)
