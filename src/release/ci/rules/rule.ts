import { z } from 'zod'
import { nearest } from '../../../kernel/nearest.ts'
import { eventKinds, type RepositoryEvent } from '../event.ts'
import { fits } from './glob.ts'

const names = z.array(z.string().min(1).max(255)).min(1).max(100)
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))

/** What an input may say of the event: `${{event.commit}}`. */
export const eventWords = ['commit', 'branch', 'tag', 'pull_request', 'repository'] as const

const fields = {
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][\w-]{0,63}$/, 'is not a name of letters, digits, _ and -')
    .optional(),
  on: z.enum(eventKinds, `is not one of ${eventKinds.join(', ')}`),
  /** Of pushes and pull requests (what they are to be merged into). */
  branches: names.optional(),
  tags: names.optional(),
  /** Of pushes: only if one of these files changed. */
  paths: names.optional(),
  /** Of pull requests: those of forks, too, whose authors may be anybody. */
  forks: z.boolean().optional(),
  /** What starts: a component as a job of its own, … */
  component: z.string().min(1).optional(),
  /** … an earlier job once more, … */
  job: z.string().min(1).optional(),
  inputs: texts.optional(),
  compute: z.string().min(1).optional(),
  experiment_name: z.string().min(1).optional(),
  /** … or a release of this plan, … */
  release: z.string().min(1).optional(),
  /** … of this version of its model. */
  version: z.string().min(1).optional(),
}

const rule = z.strictObject(fields).superRefine((rule, context) => {
  const refuse = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message })
  const starts = (['component', 'job', 'release'] as const).filter((field) => rule[field] !== undefined)
  if (starts.length !== 1)
    context.addIssue({
      code: 'custom',
      message: `starts ${starts.length === 0 ? 'nothing' : starts.join(' and ')}: give one of component, job and release`,
    })
  if (rule.on === 'tag' && rule.branches !== undefined)
    refuse('branches', 'is of pushes and pull requests; a tag is on no branch')
  if (rule.on !== 'tag' && rule.tags !== undefined) refuse('tags', 'is of events that are on: tag')
  if (rule.on !== 'push' && rule.paths !== undefined)
    refuse('paths', 'is of pushes: of other events hosts do not say which files changed')
  if (rule.on !== 'pull_request' && rule.forks !== undefined) refuse('forks', 'is of pull requests')
  for (const field of ['inputs', 'compute', 'experiment_name'] as const)
    if (rule.release !== undefined && rule[field] !== undefined)
      refuse(field, 'is of jobs, and the rule starts a release')
  if (rule.release === undefined && rule.version !== undefined)
    refuse('version', 'is of releases, and the rule starts a job')
  for (const [name, value] of Object.entries(rule.inputs ?? {}))
    for (const word of wordsIn(value))
      if (!eventWords.some((known) => known === word))
        context.addIssue({
          code: 'custom',
          path: ['inputs', name],
          message: `has \${{event.${word}}}, which is none of ${eventWords.join(', ')}`,
        })
})

export const rulesSchema = z.array(rule).max(50)
export type Rule = z.infer<typeof rule>

export interface Mistake {
  /** From the list of rules. */
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
  /** What of the place is wrong: the name of a field, where it is not what it says. */
  readonly part?: 'key'
}

/** What is wrong with rules, as places and sentences; nothing if nothing is. */
export function mistakesIn(value: unknown): readonly Mistake[] {
  const result = rulesSchema.safeParse(value)
  if (result.success) return []
  return result.error.issues.flatMap((issue) => {
    const path = issue.path.filter((step) => typeof step !== 'symbol')
    if (issue.code !== 'unrecognized_keys') return [{ path, message: sentence(path, issue.message) }]
    return issue.keys.map((key): Mistake => {
      const near = nearest(key, Object.keys(fields))
      return {
        path: [...path, key],
        message: `${key} is not a field of a rule`,
        part: 'key',
        ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
      }
    })
  })
}

/** Our own messages go on from what they are about; zod's are sentences. */
function sentence(path: readonly (string | number)[], message: string): string {
  const last = path.at(-1)
  const about = typeof last === 'string' ? last : last === undefined ? 'the list of rules' : 'the rule'
  return /^[a-z]/.test(message) ? `${about} ${message}` : `${about}: ${message}`
}

/** What a rule is called where it has no name of its own. */
export const ruleName = (rule: Rule, at: number): string => rule.name ?? `rule-${at + 1}`

/** Whether the event is one that the rule is about. Files that the host does not tell of may have changed. */
export function applies(rule: Rule, event: RepositoryEvent): boolean {
  if (rule.on !== event.kind) return false
  if (event.pullRequest?.isFork === true && rule.forks !== true) return false
  if (rule.branches !== undefined && !fits(event.branch ?? '', rule.branches)) return false
  if (rule.tags !== undefined && !fits(event.tag ?? '', rule.tags)) return false
  const { paths } = rule
  return paths === undefined || event.paths === undefined || event.paths.some((path) => fits(path, paths))
}

/** Characters that mean nothing to a shell: what an event says ends up in commands, and whoever pushes writes it. */
const harmless = /^[\w./@+-]*$/

/**
 * The text with what it says of the event put in. Throws a RangeError for a word of the event with characters that no
 * command should be given, and for one that this kind of event does not have.
 */
export function filled(text: string, event: RepositoryEvent, repository: string): string {
  const values: Readonly<Record<string, string | undefined>> = {
    commit: event.commit,
    branch: event.branch,
    tag: event.tag,
    pull_request: event.pullRequest?.number.toString(),
    repository,
  }
  return text.replaceAll(eventWord, (_, word: string) => {
    const value = values[word]
    if (value === undefined) throw new RangeError(`a ${event.kind} has no ${word}`)
    if (!harmless.test(value))
      throw new RangeError(`the ${word} ${JSON.stringify(value)} has characters that are not given to jobs`)
    return value
  })
}

const eventWord = /\$\{\{\s*event\.(\w+)\s*\}\}/g
const wordsIn = (text: string) => Array.from(text.matchAll(eventWord), ([, word = '']) => word)
