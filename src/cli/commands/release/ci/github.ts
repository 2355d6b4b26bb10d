import { Failure } from '../../../failure.ts'
import { ask, variable } from './ask.ts'
import type { CiSystem, Review } from './review.ts'

/** One of `GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals`. */
interface GithubReview {
  readonly state: string
  readonly comment?: string
  readonly user: { readonly login: string }
  readonly environments: readonly { readonly name: string }[]
}

const permission =
  'give the job `permissions: { actions: read }` and `env: { GITHUB_TOKEN: ${{ github.token }} }`'

/** GitHub Actions: the reviewers of a deployment environment. */
export const github: CiSystem = {
  name: 'GitHub',
  isHere: (env) => env['GITHUB_ACTIONS'] === 'true',
  async review(env, environment, signal) {
    const set = (name: string) => variable(env, name, 'GitHub Actions sets it')
    const repository = set('GITHUB_REPOSITORY')
    const id = set('GITHUB_RUN_ID')
    const token = variable(env, 'GITHUB_TOKEN', permission)
    const address = `${set('GITHUB_API_URL')}/repos/${repository}/actions/runs/${id}/approvals`
    const all = (await ask(address, `Bearer ${token}`, signal, permission)) as readonly GithubReview[]
    const run = `${set('GITHUB_SERVER_URL')}/${repository}/actions/runs/${id}`
    return reviewIn(all, environment, run)
  },
}

/** The newest decision about an environment; which one, has to be said where several were reviewed. */
export function reviewIn(all: readonly GithubReview[], environment: string | undefined, run: string): Review {
  const decided = all.filter(({ state }) => state === 'approved' || state === 'rejected')
  const names = [...new Set(decided.flatMap(({ environments }) => environments.map(({ name }) => name)))]
  if (environment === undefined && names.length > 1)
    throw new Failure(`this run was reviewed for ${names.join(' and ')}`, {
      hint: `--environment ${names[0]}`,
    })
  const wanted = environment ?? names[0]
  const found = decided.filter(({ environments }) =>
    environments.some(({ name }) => name.toLowerCase() === wanted?.toLowerCase()),
  )
  // The API lists them oldest first, and a later review of the same environment is of another attempt.
  const last = found.at(-1)
  if (last === undefined)
    throw new Failure(
      `nobody has reviewed ${wanted === undefined ? 'this run' : `the environment ${wanted}`}`,
      {
        hint: 'the job needs `environment: …`, and that environment required reviewers',
      },
    )
  return {
    person: `github:${last.user.login}`,
    verdict: last.state === 'approved' ? 'approve' : 'refuse',
    comment: last.comment === undefined || last.comment === '' ? undefined : last.comment,
    run,
  }
}
