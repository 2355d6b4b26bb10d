import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Job, Setting, Step } from './steps.ts'

type Env = Readonly<Record<string, string>>
interface WorkflowStep {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Env
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { env?: Env; if?: string; steps: readonly WorkflowStep[] }>>
}

/** What GitHub itself sets in every step. */
const ofRun: Env = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/breakdowns',
  GITHUB_RUN_ID: '4711',
  GITHUB_SHA: '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b',
}

/** Reads a GitHub workflow. Throws for an expression that is not understood: nothing is left out unseen. */
export function readWorkflow(file: string, setting: Setting): readonly Job[] {
  const { jobs } = parse(readFileSync(file, 'utf8')) as Workflow
  return Object.entries(jobs).flatMap(([name, job]) => {
    if (job.if !== undefined && evaluate(job.if, setting) === '') return []
    return [
      {
        name,
        env: { ...ofRun, ...replaceAll(job.env, setting) },
        steps: job.steps.map((step, i): Step => ({
          name: step.name ?? step.uses ?? `step ${i + 1}`,
          script: step.run === undefined ? undefined : replace(step.run, setting),
          uses: step.uses,
          env: replaceAll(step.env, setting),
          when:
            step.if === undefined
              ? 'success'
              : /^always\(\)$/.test(step.if)
                ? 'always'
                : evaluate(step.if, setting) === ''
                  ? 'never'
                  : 'success',
        })),
      },
    ]
  })
}

const replace = (text: string, setting: Setting) =>
  text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression, setting))

const replaceAll = (env: Env | undefined, setting: Setting) =>
  Object.fromEntries(Object.entries(env ?? {}).map(([name, text]) => [name, replace(text, setting)]))

/** Texts, `a || b`, `a == b`, `a != b` and the contexts that scaffolded files use; what is false is the empty text. */
function evaluate(expression: string, setting: Setting): string {
  const text = expression.trim()
  const either = text.split(/\s*\|\|\s*/)
  if (either.length > 1) return either.map((part) => evaluate(part, setting)).find((v) => v !== '') ?? ''
  const compared = /^(.+?)\s*(==|!=)\s*(.+)$/.exec(text)
  if (compared !== null) {
    const [, left = '', operator, right = ''] = compared
    return (evaluate(left, setting) === evaluate(right, setting)) === (operator === '==') ? 'true' : ''
  }
  const [, literal] = /^'([^']*)'$/.exec(text) ?? []
  if (literal !== undefined) return literal
  const [, context, name = ''] = /^(vars|secrets)\.(\w+)$/.exec(text) ?? []
  if (context === 'vars') return setting.variables[name] ?? ''
  if (context === 'secrets') return setting.secrets[name] ?? ''
  if (text === 'github.workspace') return setting.workspace
  if (text === 'github.token') return 'a token of the run'
  throw new Error(`the expression ${text} is not understood`)
}
