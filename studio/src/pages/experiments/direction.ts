/** Which way a metric is better, as far as its name tells: 1 for up, -1 for down, 0 where it does not. */
export function directionOf(metric: string): -1 | 0 | 1 {
  const name = metric.toLowerCase()
  if (/loss|error|rmse|mse|mae|mape|brier|deviance|perplexity|latency|seconds|_ms$|time/.test(name)) return -1
  if (/auc|accuracy|f1|precision|recall|r2|score|mcc|kappa|_ap$|^ap$|ndcg|gain|lift/.test(name)) return 1
  return 0
}
