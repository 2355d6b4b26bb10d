import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenOf, directionOf, judged, readChoices, tellDirection, writeChoices } from './direction.ts'

test('names of metrics tell which way is better, as scikit-learn, the boosters and Azure ML write them', () => {
  const up = `roc_auc val_accuracy mean_test_score split0_test_score best_cv_score neg_mean_squared_error
    mean_test_neg_log_loss r2 f1_score AUC_weighted AUCWeighted NormMacroRecall SpearmanCorrelation valid_0-auc
    training_precision_score average_precision average_precision_score_weighted test/ndcg@10`
  const down = `loss val_loss log_loss validation_0-mlogloss rmse NormalizedRootMeanSquaredError
    normalized_mean_absolute_error brier_score_loss mean_fit_time mean_score_time fit_seconds p99_ms rank_test_score
    test_error MAE`
  const neither =
    'rows std_test_score std_fit_time n_features epoch precise timeline lossless prevalence support'
  for (const [names, direction] of [
    [up, 1],
    [down, -1],
    [neither, 0],
  ] as const)
    for (const name of names.split(/\s+/)) assert.equal(directionOf(name), direction, name)
})

test('a choice comes before the objective, that before the name, and otherwise it is asked', () => {
  const objective = { metric: 'lift', direction: -1 } as const
  assert.deepEqual(judged('lift', new Map([['lift', 1]]), objective), { direction: 1, by: 'choice' })
  assert.deepEqual(judged('lift', new Map(), objective), { direction: -1, by: 'objective' })
  assert.deepEqual(judged('lift', new Map(), { metric: 'lift' }), { direction: 1, by: 'name' })
  assert.deepEqual(judged('auc', new Map(), objective), { direction: 1, by: 'name' })
  assert.deepEqual(judged('rows', new Map(), objective), { direction: 0, by: 'nobody' })
  assert.equal(tellDirection(judged('auc', new Map())), 'higher is better, as its name tells')
  assert.equal(tellDirection(judged('rows', new Map())), '')
})

test('choices are read as they were written, whatever metrics are called', () => {
  const choices = new Map([
    ['a,b', 1],
    ['100 %', -1],
    ['x:y/z', 0],
    ['%2C', 1],
  ] as const)
  assert.deepEqual(readChoices(writeChoices(choices)), choices)
  assert.deepEqual(readChoices('up:auc,max:,,max:loss%'), new Map([['loss%', 1]]))
  assert.equal(writeChoices(chosenOf(readChoices('max:a,min:b'), 'a', undefined)), 'min:b')
  assert.equal(writeChoices(chosenOf(new Map(), 'a', 0)), 'none:a')
})
