import { callHost } from '../reports/call.ts'
import { devOpsHeaders, devOpsProject, devOpsRepository } from '../reports/hosts/azure-devops.ts'
import type { Remote } from '../reports/host.ts'
import type { ChangeHost } from './change-host.ts'

const version = 'api-version=7.1'
/** What a branch that is not there yet is told to come from. */
const nothing = '0'.repeat(40)

interface Listed<T> {
  readonly value: readonly T[]
}

/** Pushes and pull requests of Azure DevOps' Git API. */
export const devOpsChanges: ChangeHost = {
  async ask(remote, { branch, path, title, body, edit }) {
    const headers = devOpsHeaders(remote)
    const repository = devOpsRepository(remote)
    const ref = `refs/heads/${branch}`
    const search = `searchCriteria.sourceRefName=${encodeURIComponent(ref)}&searchCriteria.status=all`
    const { value } = await callHost<Listed<{ readonly pullRequestId: number }>>(
      remote,
      'GET',
      `${repository}/pullrequests?${search}&${version}`,
      { headers },
    )
    if (value[0] !== undefined) return { url: urlOf(remote, value[0].pullRequestId) }
    const { defaultBranch: base } = await callHost<{ readonly defaultBranch: string }>(
      remote,
      'GET',
      `${repository}?${version}`,
      { headers },
    )
    const now = await contents(remote, path, base)
    const wanted = edit(now)
    if (wanted === undefined || wanted === now) return undefined
    if ((await tipOf(remote, ref)) === undefined)
      await callHost(remote, 'POST', `${repository}/pushes?${version}`, {
        headers,
        body: {
          refUpdates: [{ name: ref, oldObjectId: nothing }],
          commits: [
            {
              comment: title,
              changes: [
                {
                  changeType: 'edit',
                  item: { path: `/${path}` },
                  newContent: { content: wanted, contentType: 'rawtext' },
                },
              ],
              parents: [await tipOf(remote, base)],
            },
          ],
        },
      })
    const made = await callHost<{ readonly pullRequestId: number }>(
      remote,
      'POST',
      `${repository}/pullrequests?${version}`,
      { headers, body: { sourceRefName: ref, targetRefName: base, title, description: body } },
    )
    return { url: urlOf(remote, made.pullRequestId) }
  },
}

/** The commit that a branch is at; undefined where there is no such branch. */
async function tipOf(remote: Remote, ref: string): Promise<string | undefined> {
  const { value } = await callHost<Listed<{ readonly name: string; readonly objectId: string }>>(
    remote,
    'GET',
    `${devOpsRepository(remote)}/refs?filter=${encodeURIComponent(ref.replace(/^refs\//, ''))}&${version}`,
    { headers: devOpsHeaders(remote) },
  )
  return value.find(({ name }) => name === ref)?.objectId
}

async function contents(remote: Remote, path: string, ref: string): Promise<string> {
  const at = `versionDescriptor.versionType=branch&versionDescriptor.version=${encodeURIComponent(ref.replace('refs/heads/', ''))}`
  const { content } = await callHost<{ readonly content: string }>(
    remote,
    'GET',
    `${devOpsRepository(remote)}/items?path=${encodeURIComponent(`/${path}`)}&includeContent=true&$format=json&${at}&${version}`,
    { headers: devOpsHeaders(remote) },
  )
  return content
}

const urlOf = (remote: Remote, id: number) =>
  `${remote.api}${devOpsProject(remote)}/_git/${remote.path.split('/').at(-1)}/pullrequest/${id}`
