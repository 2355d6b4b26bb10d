import { followPipeline } from '../show/follow.ts'
import { lineage } from './lineage.ts'
import { metric, tag } from '../server/run.ts'
import type { Run } from '../server/run.ts'
import type { Chapter } from './stage.ts'

export const train: Chapter = async ({ twinloop, screen }) => {
  if ((await twinloop.find('models/flight-delay/versions/1')) !== undefined) {
    screen.done('model', `${await lineage(twinloop, 'flight-delay:1')}, as it was before`)
    return
  }
  const submit = () =>
    twinloop.command('job', 'create', '--file', 'pipeline.yml', '--query', 'name', '--output', 'tsv')
  const runs = await followPipeline(twinloop, screen, submit, summary)
  const judged = runs.get('evaluate')
  const registered = runs.get('register')
  if (judged === undefined || registered === undefined)
    throw new Error('The pipeline did not evaluate and register.')

  screen.line()
  screen.line('   on three weeks it never saw    model   baseline')
  for (const name of ['roc_auc', 'pr_auc', 'log_loss', 'brier']) {
    const [model, baseline] = [metric(judged, name), metric(judged, `baseline_${name}`)]
    screen.line(`   ${name.padEnd(26)} ${model.padStart(9)} ${baseline.padStart(10)}`)
  }
  screen.line()
  screen.done('model', await lineage(twinloop, tag(registered, 'model')))
}

/** What a step's line says once it is done. */
export function summary(step: string, run: Run): string {
  switch (step) {
    case 'prepare':
      return `${Number(metric(run, 'train_rows')).toLocaleString('en')} flights to learn from`
    case 'train':
      return `roc_auc ${metric(run, 'train_roc_auc')} on what it has seen`
    case 'evaluate':
      return `roc_auc ${metric(run, 'roc_auc')}, slices: ${tag(run, 'slices')}`
    default:
      return tag(run, 'model')
  }
}
