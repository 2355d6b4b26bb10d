/** 1: the greater is better; -1: the smaller; 0: neither, or nobody knows. */
export type Direction = -1 | 0 | 1

const lower = new Set(
  `loss losses logloss mlogloss error errors merror err rmse mse mae mape smape wape mase msle rmsle rmsse brier deviance
  perplexity pinball hinge impurity entropy latency duration seconds sec secs ms time rank residual residuals bias drift
  fpr fnr fdr ece regret cost crossentropy wer cer hamming eer msd gini_impurity divergence`.split(/\s+/),
)
const higher = new Set(
  `auc auroc auprc rocauc prauc accuracy acc balancedaccuracy f1 fbeta f05 f2 precision recall sensitivity
  specificity tpr tnr r2 score mcc matthews kappa ap map ndcg mrr gain lift correlation spearman pearson kendall jaccard iou dice
  hit likelihood loglikelihood elbo reward gini profit silhouette concordance cindex`.split(/\s+/),
)
/** Spreads, sizes and counts: of themselves neither good nor bad. */
const neither = new Set(
  `std stdev sd stddev var variance sem count n num support rows samples size epoch step iteration iterations threshold
  coverage prevalence`.split(/\s+/),
)
const times = new Set(['time', 'seconds', 'sec', 'secs', 'ms', 'latency', 'duration'])

/** `valid_0-rocAUC` as `valid`, `0`, `roc`, `auc`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/**
 * Which way a metric is better, as far as its name tells, word by word: `val_loss` -1, `roc_auc` 1, `rows` 0. A
 * scikit-learn scorer that begins with `neg_` is better when it is greater, whatever it negates.
 */
export function directionOf(metric: string): Direction {
  const words = wordsOf(metric)
  const has = (known: ReadonlySet<string>) => words.some((word) => known.has(word))
  if (has(neither)) return 0
  if (words.includes('neg')) return 1
  // `mean_score_time` is a time, `log_loss_score` a loss, `r2` in two words a share.
  if (has(times)) return -1
  if (has(lower)) return -1
  return has(higher) ? 1 : 0
}

/** Who says which way a metric is better: whoever looks, the job that declares its objective, or only the name. */
export type DirectionSource = 'choice' | 'objective' | 'name' | 'nobody'

export interface Judged {
  readonly direction: Direction
  readonly by: DirectionSource
}

/** What a sweep or an AutoML job is for. */
export interface Objective {
  readonly metric: string
  /** Undefined where the job leaves it to the metric's meaning, as AutoML's do. */
  readonly direction?: Direction | undefined
}

/**
 * Which way a metric is better, and who says so: what somebody chose, else the objective of the job if it is that metric's,
 * else the name; otherwise nobody, and it has to be asked.
 */
export function judged(metric: string, chosen: Choices, objective?: Objective): Judged {
  const choice = chosen.get(metric)
  if (choice !== undefined) return { direction: choice, by: 'choice' }
  if (objective?.metric === metric && objective.direction !== undefined)
    return { direction: objective.direction, by: 'objective' }
  const direction = directionOf(metric)
  return { direction, by: direction === 0 ? 'nobody' : 'name' }
}

/** Metrics of which somebody chose which way they are better. */
export type Choices = ReadonlyMap<string, Direction>

const signs: Readonly<Record<string, Direction>> = { max: 1, min: -1, none: 0 }
const words: Readonly<Record<Direction, string>> = { 1: 'max', '-1': 'min', 0: 'none' }

/** Choices as they stand in an address: `max:lift,min:cost`; what cannot be read is left out. */
export function readChoices(text: string): Choices {
  return new Map(
    text.split(',').flatMap((part) => {
      const [sign = '', ...name] = part.split(':')
      const direction = Object.hasOwn(signs, sign) ? signs[sign] : undefined
      const metric = decoded(name.join(':'))
      return direction === undefined || metric === '' ? [] : [[metric, direction] as const]
    }),
  )
}

export const writeChoices = (choices: Choices): string =>
  [...choices]
    .map(([name, sign]) => `${words[sign]}:${name.replaceAll('%', '%25').replaceAll(',', '%2C')}`)
    .join(',')

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The choices with one metric's made, or taken back (undefined). */
export function chosenOf(choices: Choices, metric: string, direction: Direction | undefined): Choices {
  const next = new Map(choices)
  if (direction === undefined) next.delete(metric)
  else next.set(metric, direction)
  return next
}

const sense: Readonly<Record<Direction, string>> = {
  1: 'higher is better',
  '-1': 'lower is better',
  0: 'neither way is better',
}
const sources: Readonly<Record<DirectionSource, string>> = {
  choice: 'chosen here',
  objective: "the job's objective",
  name: 'as its name tells',
  nobody: '',
}

/** `higher is better, as its name tells`; '' where nobody knows. */
export const tellDirection = ({ direction, by }: Judged): string =>
  by === 'nobody' ? '' : `${sense[direction]}, ${sources[by]}`
