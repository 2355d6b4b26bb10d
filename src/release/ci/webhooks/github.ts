import { createHmac } from 'node:crypto'
import type { Call, Reading, WebhookHost } from './host.ts'
import { changedBy, hexOf, isCommit, isEqual, listAt, numberAt, pushed, textAt } from './values.ts'

/** More commits than this GitHub leaves out of a push, and with them the files that they changed. */
const mostCommits = 2048
const opened = new Set(['opened', 'reopened', 'synchronize', 'ready_for_review'])

/** GitHub signs the body (HMAC-SHA256 in `X-Hub-Signature-256`) and numbers deliveries in a header, which is not signed. */
export const github: WebhookHost = {
  repositories: (body) => [textAt(body, 'repository', 'html_url'), textAt(body, 'repository', 'clone_url')],
  knows({ headers, raw }, secret) {
    const expected = `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`
    return isEqual(headers.get('x-hub-signature-256') ?? '', expected)
  },
  // By what is signed: whoever recorded a call could otherwise send it again under another number.
  identity: ({ raw }) => hexOf(raw),
  read: (call) => [read(call)],
}

function read({ headers, body }: Call): Reading {
  const kind = headers.get('x-github-event') ?? ''
  if (kind === 'push') {
    const commits = listAt(body, 'commits')
    const isWhole = commits.length < mostCommits
    return pushed(textAt(body, 'ref'), textAt(body, 'after'), isWhole ? changedBy(commits) : undefined)
  }
  if (kind !== 'pull_request')
    return { ignored: kind === 'ping' ? 'GitHub tries the webhook' : `a ${kind} starts nothing` }
  const action = textAt(body, 'action')
  if (!opened.has(action)) return { ignored: `a pull request that is ${action} starts nothing` }
  const commit = textAt(body, 'pull_request', 'head', 'sha')
  if (!isCommit(commit)) return { ignored: 'the pull request has no commit' }
  const from = textAt(body, 'pull_request', 'head', 'repo', 'full_name')
  return {
    event: {
      kind: 'pull_request',
      commit,
      branch: textAt(body, 'pull_request', 'base', 'ref'),
      pullRequest: {
        number: numberAt(body, 'number'),
        from: textAt(body, 'pull_request', 'head', 'ref'),
        isFork: from !== textAt(body, 'repository', 'full_name'),
      },
    },
  }
}
