import type { Json } from '../../../kernel/resources/resource.ts'
import type { Reading, WebhookHost } from './host.ts'
import { hexOf, isCommit, isEqual, listAt, numberAt, pushed, referenceOf, textAt } from './values.ts'

/** Azure DevOps authenticates by Basic credentials, whose password is the secret, and gives each event an id. */
export const azureDevOps: WebhookHost = {
  repositories: (body) =>
    ['remoteUrl', 'webUrl', 'sshUrl'].map((name) => textAt(body, 'resource', 'repository', name)),
  knows({ headers }, secret) {
    const encoded = /^basic\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
    const credentials = Buffer.from(encoded, 'base64').toString('utf8')
    return isEqual(credentials.slice(credentials.indexOf(':') + 1), secret)
  },
  identity: ({ body, raw }) => hexOf(textAt(body, 'id') || raw),
  read({ body }) {
    const kind = textAt(body, 'eventType')
    if (kind === 'git.push')
      // It does not say which files changed.
      return listAt(body, 'resource', 'refUpdates').map((update) =>
        pushed(textAt(update, 'name'), textAt(update, 'newObjectId'), undefined),
      )
    if (kind === 'git.pullrequest.created' || kind === 'git.pullrequest.updated') return [pullRequest(body)]
    return [{ ignored: `${kind || 'a call without eventType'} starts nothing` }]
  },
}

function pullRequest(body: Json): Reading {
  const status = textAt(body, 'resource', 'status')
  if (status !== 'active') return { ignored: `a pull request that is ${status} starts nothing` }
  const commit = textAt(body, 'resource', 'lastMergeSourceCommit', 'commitId')
  if (!isCommit(commit)) return { ignored: 'the pull request has no commit' }
  return {
    event: {
      kind: 'pull_request',
      commit,
      branch: referenceOf(textAt(body, 'resource', 'targetRefName')).branch ?? '',
      pullRequest: {
        number: numberAt(body, 'resource', 'pullRequestId'),
        from: referenceOf(textAt(body, 'resource', 'sourceRefName')).branch ?? '',
        isFork: textAt(body, 'resource', 'forkSource', 'repository', 'id') !== '',
      },
    },
  }
}
