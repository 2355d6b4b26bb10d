import { z } from 'zod'
import { plural } from '../../../data/contracts/words/say.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Gate, GateResult, GateVerdict, ReleasedModel } from '../gate.ts'
import { fragment, table } from '../../report/fragment.ts'
import { modelText, withModelFiles } from '../model-files.ts'
import { breaking, compareSignatures, type BreakingKind, type Difference } from './compare.ts'
import { signatureIn, type Signature } from './signature.ts'

const kinds = Object.keys(breaking) as [BreakingKind, ...BreakingKind[]]

const parameters = z.strictObject({
  /** What it means that the candidate, or the champion, has no signature. */
  missing: z.enum(['inconclusive', 'fail', 'pass']).default('inconclusive'),
  /** Kinds of breaking differences that are told and not judged: callers were asked, or there are none. */
  allow: z.array(z.enum(kinds)).default([]),
})

type Parameters = z.infer<typeof parameters>

/** Whether those who call the champion today can call the candidate tomorrow without a change. */
export const signature: Gate<Parameters> = {
  name: 'signature',
  summary: "Compares the candidate's MLflow signature with the champion's: who calls one can call the other.",
  parameters,
  async advance(given, { platform, candidate, champion, signal }) {
    const own = await signatureOf(platform, candidate, signal)
    if (own === undefined) return { result: missing(candidate, given.missing) }
    if (champion === undefined || champion.id === candidate.id) return { result: alone(own) }
    const deployed = await signatureOf(platform, champion, signal)
    if (deployed === undefined) return { result: missing(champion, given.missing) }
    return { result: judge(compareSignatures(deployed, own), given.allow, { own, candidate, champion }) }
  },
  report({ details, measures, notes }) {
    const found = (details?.['differences'] ?? []) as readonly Difference[]
    const rows = found.map(({ breaks, says, champion, candidate, kind }) => [
      breaks ? '✗' : '·',
      says,
      champion ?? '—',
      candidate ?? '—',
      kind,
    ])
    return fragment(
      // The notes say what the table shows.
      { measures, notes: rows.length > 0 ? [] : notes },
      table(['', 'the candidate', 'champion', 'candidate', 'kind'], rows),
    )
  },
}

async function signatureOf(
  platform: Platform,
  model: ReleasedModel,
  signal: AbortSignal,
): Promise<Signature | undefined> {
  const text = await withModelFiles(platform, model, (files) => modelText(files, 'MLmodel'), signal)
  return text === undefined ? undefined : signatureIn(text)
}

const called = ({ name, version }: ReleasedModel) => `${name}:${version}`

function missing(model: ReleasedModel, verdict: Parameters['missing']): GateResult {
  return {
    verdict,
    summary: `${called(model)} has no signature: what it takes and gives is not known.`,
    measures: [],
    notes: ['Log the model with a signature: mlflow.models.infer_signature(X, model.predict(X)).'],
    files: [],
  }
}

const alone = ({ inputs, outputs }: Signature): GateResult => ({
  verdict: 'not_applicable',
  summary: `There is no champion to be compatible with; the candidate takes ${plural(inputs.length, 'input')} and gives ${plural(outputs.length, 'output')}.`,
  measures: [],
  notes: [],
  files: [],
})

function judge(
  differences: readonly Difference[],
  allow: readonly BreakingKind[],
  models: { readonly own: Signature; readonly candidate: ReleasedModel; readonly champion: ReleasedModel },
): GateResult {
  const allowed = new Set<string>(allow)
  const broken = differences.filter(({ breaks, kind }) => breaks && !allowed.has(kind))
  const verdict: GateVerdict = broken.length > 0 ? 'fail' : 'pass'
  const [candidate, champion] = [called(models.candidate), called(models.champion)]
  const [first] = broken
  const more = broken.length > 1 ? `, and ${plural(broken.length - 1, 'more breaking difference')}` : ''
  return {
    verdict,
    summary:
      first !== undefined
        ? `${candidate} ${first.says}${more}: callers of ${champion} would break.`
        : differences.length === 0
          ? `${candidate} takes and gives what ${champion} does.`
          : `${candidate} can be called as ${champion} is (${plural(differences.length, 'difference')}).`,
    measures: [
      {
        name: 'breaking_differences',
        estimate: broken.length,
        limit: 'none',
        verdict,
        ...(allow.length === 0 ? {} : { note: `the plan allows ${allow.join(', ')}` }),
      },
      { name: 'other_differences', estimate: differences.length - broken.length },
    ],
    notes: differences.map(({ says, kind, breaks }) => {
      const why = breaks ? (allowed.has(kind) ? ' (allowed by the plan)' : ' (breaks callers)') : ''
      return `The candidate ${says}${why}.`
    }),
    files: [],
    details: { differences, signature: models.own },
  }
}
