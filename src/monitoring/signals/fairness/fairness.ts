import { listing } from '../../../data/contracts/words/say.ts'
import { chunkMistakes } from '../../outcomes/check.ts'
import { lagsOf, maturityOf, maturityValues, readLabels } from '../../outcomes/judging/maturity.ts'
import { openOutcomes, type Outcomes } from '../../outcomes/outcomes.ts'
import { checkSources } from '../../populations/check-sources.ts'
import { NoData } from '../../populations/population.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import type { MonitorMistake, Signal, SignalCheck, SignalContext } from '../signal.ts'
import { fairnessMetrics, judgeFairness } from './judge.ts'
import { fairnessParameters, featureSets, type FairnessParameters } from './parameters.ts'
import { readCells } from './read-cells.ts'

/** More groups than this are no groups of people. */
const mostGroups = 200

/** How groups of people are treated in production: fairlearn's disparities, judged with confidence. */
export const fairness: Signal<FairnessParameters> = {
  kind: 'fairness',
  signalType: 'Fairness',
  summary:
    'Whether groups of people are treated alike in production: fairlearn’s disparities, with confidence.',
  parameters: fairnessParameters,
  reference: 'none',
  byLabels: true,
  metrics: fairnessMetrics,
  check,
  async advance(parameters, context) {
    const work = context.inBackground('fairness', () => findFairness(parameters, context))
    return work === undefined ? { doing: 'compares how groups are treated' } : { result: await work }
  },
}

async function check(parameters: FairnessParameters, given: SignalCheck): Promise<readonly MonitorMistake[]> {
  const { monitor, planned } = given
  if (monitor.task === 'regression')
    return [
      {
        path: ['type'],
        message: 'fairness is judged by classes, and the task of the monitor is regression.',
      },
    ]
  if (planned.segments.length > 0)
    return [
      {
        path: ['segments'],
        message: 'fairness divides the rows by sensitive_features: name the columns there.',
      },
    ]
  const unsaid = chunkMistakes(given)
  if (unsaid.length > 0) return unsaid
  // Of what is collected no name is known before: what groups people is often no input of the model.
  if (planned.production.some(({ uri }) => uri === undefined)) return []
  const segments = [...new Set(featureSets(parameters).flat())]
  const mistakes = await checkSources({ ...given, planned: { ...planned, segments } })
  return mistakes.flatMap(({ path, message }) =>
    path[0] === 'segments' ? [{ path: ['sensitive_features'], message }] : [],
  )
}

async function findFairness(parameters: FairnessParameters, context: SignalContext): Promise<SignalResult> {
  const { populations, planned, seed } = context
  const production = await populations.production()
  const sets = featureSets(parameters)
  const features = [...new Set(sets.flat())]
  const earlier = lagsOf(await context.history(12))
  return populations.session(async (session) => {
    const outcomes = await openOutcomes(
      session,
      { production },
      {
        task: 'classification',
        segments: features,
        threshold: parameters.decision_threshold,
        ...(parameters.positive_label === undefined ? {} : { positive: parameters.positive_label }),
      },
    )
    const positive = favourable(outcomes)
    const labels = await readLabels(session, outcomes.production)
    const maturity = maturityOf(labels, parameters.maturity, {
      now: context.platform.clock(),
      earlierLagsMs: earlier,
    })
    const judging = { parameters, planned, seed, isMature: maturity.isMature }
    const values: SignalValue[] = []
    const notes: string[] = []
    for (const set of sets) {
      const columns = set.map((name) => ({ name, column: `s${features.indexOf(name)}` }))
      const cells = await readCells(session, outcomes.production, positive, columns)
      const groups = cells.predicted.names.length
      if (groups > mostGroups)
        throw new NoData(
          `${set.join(' and ')} divide the rows into ${groups} groups: more than ${mostGroups} are no groups of people.`,
        )
      if (groups === 0) throw new NoData('No row of the window has a prediction.')
      if (groups === 1)
        notes.push(
          `All rows are of one group of ${set.join(' × ')} (${cells.predicted.names[0]?.join(' × ')}).`,
        )
      values.push(...judgeFairness(cells, judging))
    }
    return {
      outcome: 'computed',
      values: [...values, ...(maturity.labelled > 0 ? maturityValues(maturity) : [])],
      notes: [
        `The favourable prediction is '${outcomes.classes[positive]}'.`,
        maturity.labelled > 0
          ? maturity.note
          : 'No row has a label: only what needs none is told (demographic parity, selection rates).',
        ...outcomes.notes,
        ...production.notes,
        ...notes,
        'Equal rates of errors and equal calibration cannot all hold where groups differ in how often the label is true.',
      ],
    }
  })
}

function favourable({ classes, positive }: Outcomes): number {
  if (positive !== undefined) return positive
  throw new NoData(
    `There are ${classes.length} classes (${listing(classes)}): say which one is favourable as positive_label.`,
  )
}
