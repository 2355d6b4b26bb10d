import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Job, Setting, Step } from './steps.ts'

type Env = Readonly<Record<string, string>>
interface PipelineStep {
  readonly script?: string
  readonly task?: string
  readonly checkout?: string
  readonly displayName?: string
  readonly condition?: string
  readonly env?: Env
}
interface Pipeline {
  readonly jobs: readonly {
    readonly job?: string
    readonly variables?: Env
    readonly steps: readonly PipelineStep[]
  }[]
}

/** Reads an Azure pipeline. A macro whose variable is not set stays as it is written, as it does there. */
export function readPipeline(file: string, setting: Setting): readonly Job[] {
  const { jobs } = parse(readFileSync(file, 'utf8')) as Pipeline
  return jobs.map(({ job = 'job', variables = {}, steps }) => ({
    name: job,
    // Variables, but no secrets, are in the environment of every script.
    env: {
      BUILD_SOURCEVERSION: '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b',
      ...setting.variables,
      ...replaceAll(variables, setting),
    },
    steps: steps.map((step, i): Step => ({
      name: step.displayName ?? step.task ?? `step ${i + 1}`,
      script: step.script === undefined ? undefined : replace(step.script, setting),
      uses: step.task ?? (step.checkout === undefined ? undefined : `checkout: ${step.checkout}`),
      env: replaceAll(step.env, setting),
      when: whenOf(step.condition, setting),
    })),
  }))
}

function whenOf(condition: string | undefined, { variables }: Setting): Step['when'] {
  if (condition === undefined) return 'success'
  if (/^(always|succeededOrFailed)\(\)$/.test(condition)) return 'always'
  const [, operator, name = ''] =
    /^and\(succeeded\(\), (eq|ne)\(variables\['(\w+)'\], ''\)\)$/.exec(condition) ?? []
  if (operator === undefined) throw new Error(`the condition ${condition} is not understood`)
  return ((variables[name] ?? '') === '') === (operator === 'eq') ? 'success' : 'never'
}

function replace(text: string, { variables, secrets, workspace }: Setting): string {
  const known: Env = { ...variables, ...secrets, 'Agent.TempDirectory': join(workspace, '..', 'agent') }
  return text.replaceAll(/\$\(([\w.]+)\)/g, (macro, name: string) => known[name] ?? macro)
}

const replaceAll = (env: Env | undefined, setting: Setting) =>
  Object.fromEntries(Object.entries(env ?? {}).map(([name, text]) => [name, replace(text, setting)]))
