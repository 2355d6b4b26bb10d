/** Words by which it is known of a metric that more of it is better, or less. */
const higher =
  /^(?:r2|auc|roc|pr|accuracy|acc|precision|recall|f1|f2|score|mcc|kappa|gini|ks|specificity|sensitivity|explained|ap|map|ndcg|lift)$/
const lower =
  /^(?:loss|logloss|error|err|mse|rmse|mae|mape|smape|wape|mase|rmsle|msle|brier|ece|deviance|perplexity|hinge|pinball)$/

/** Which way a metric is better, by its name (`test r2`, `val_log_loss`); undefined where that does not tell. */
export function betterBy(name: string): 'higher' | 'lower' | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  // `accuracy_error` is an error: what is said last and worst counts.
  if (words.some((word) => lower.test(word))) return 'lower'
  return words.some((word) => higher.test(word)) ? 'higher' : undefined
}
