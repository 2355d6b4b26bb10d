import type { Call, Reading, WebhookHost } from './host.ts'
import { changedBy, hexOf, isCommit, isEqual, listAt, numberAt, pushed, textAt } from './values.ts'

const opened = new Set(['open', 'reopen', 'update'])

/** GitLab sends the secret itself, and a key that stays the same when it tries again. */
export const gitlab: WebhookHost = {
  repositories: (body) =>
    ['web_url', 'git_http_url', 'git_ssh_url'].map((name) => textAt(body, 'project', name)),
  knows: ({ headers }, secret) => isEqual(headers.get('x-gitlab-token') ?? '', secret),
  identity: ({ headers, raw }) =>
    hexOf(headers.get('idempotency-key') ?? headers.get('x-gitlab-event-uuid') ?? raw),
  read: (call) => [read(call)],
}

function read({ body }: Call): Reading {
  const kind = textAt(body, 'object_kind')
  if (kind === 'push' || kind === 'tag_push') {
    const commits = listAt(body, 'commits')
    // It lists the newest twenty only.
    const isWhole = numberAt(body, 'total_commits_count') === commits.length
    return pushed(textAt(body, 'ref'), textAt(body, 'after'), isWhole ? changedBy(commits) : undefined)
  }
  if (kind !== 'merge_request') return { ignored: `a ${kind || 'call without object_kind'} starts nothing` }
  const action = textAt(body, 'object_attributes', 'action')
  // An update without an old revision changed words, not commits.
  if (!opened.has(action) || (action === 'update' && textAt(body, 'object_attributes', 'oldrev') === ''))
    return { ignored: `a merge request that is ${action || 'looked at'} starts nothing` }
  const commit = textAt(body, 'object_attributes', 'last_commit', 'id')
  if (!isCommit(commit)) return { ignored: 'the merge request has no commit' }
  return {
    event: {
      kind: 'pull_request',
      commit,
      branch: textAt(body, 'object_attributes', 'target_branch'),
      pullRequest: {
        number: numberAt(body, 'object_attributes', 'iid'),
        from: textAt(body, 'object_attributes', 'source_branch'),
        isFork:
          numberAt(body, 'object_attributes', 'source_project_id') !==
          numberAt(body, 'object_attributes', 'target_project_id'),
      },
    },
  }
}
