import { childId } from '../../kernel/resources/arm-id.ts'

/**
 * `azureml:endpoint:deployment`, `azureml:endpoint` (all its deployments; beyond Azure) or an id, as the id that it means in
 * this workspace; undefined for anything else.
 */
export function targetIdOf(workspaceId: string, said: string): string | undefined {
  const name = said.trim().replace(/^azureml:/i, '')
  if (name.startsWith('/')) return name
  const [endpoint = '', deployment, ...rest] = name.split(':')
  const isName = (text: string) => /^[\w-]+$/.test(text)
  if (!isName(endpoint) || !isName(deployment ?? endpoint) || rest.length > 0) return undefined
  const id = childId(workspaceId, 'onlineEndpoints', endpoint)
  return deployment === undefined ? id : childId(id, 'deployments', deployment)
}

/** True for the id of an online endpoint, false for that of one of its deployments. */
export const isEndpoint = (id: string): boolean => /\/onlineEndpoints\/[^/]+$/i.test(id)

/** `endpoint` or `endpoint:deployment`, as people say it. */
export const spellTarget = (id: string): string =>
  /\/onlineEndpoints\/(.+)$/i.exec(id)?.[1]?.replace(/\/deployments\//i, ':') ?? id
