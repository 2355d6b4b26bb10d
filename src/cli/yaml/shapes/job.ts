import {
  anything,
  boolean,
  choice,
  choose,
  list,
  lookAt,
  map,
  object,
  report,
  required,
  text,
} from '../shape.ts'
import { dotted, nodeAt } from '../source.ts'
import type { Infer, ObjectOf, Shape } from '../shape.ts'
import { importSource } from './transfer.ts'
import {
  componentRunFields,
  compute,
  declaredInputs,
  declaredOutputs,
  environment,
  header,
  inputs,
  outputs,
  runFields,
} from './values.ts'

const jobHeader = {
  ...header,
  display_name: text(),
  experiment_name: text(),
  inputs,
  outputs,
}

export const commandJob = object('a command job', {
  ...jobHeader,
  ...runFields,
  type: choice('command'),
  command: required(text()),
  code: text(),
  environment: required(environment),
  parent_job_name: text(),
})
export type CommandJob = Infer<typeof commandJob>

const componentName = text({
  pattern: /^[A-Za-z][A-Za-z0-9_-]{0,254}$/,
  says: 'a name of letters, digits, - and _, beginning with a letter',
})

const componentHeader = {
  ...header,
  name: componentName,
  version: text(),
  display_name: text(),
  is_deterministic: boolean(),
  inputs: declaredInputs,
  outputs: declaredOutputs,
}

export const commandComponent = object('a command component', {
  ...componentHeader,
  ...componentRunFields,
  type: choice('command'),
  command: required(text()),
  code: text(),
  environment: required(environment),
  additional_includes: list(anything()),
})
export type CommandComponent = Infer<typeof commandComponent>

const pipelineSettings = object(
  'a pipeline job',
  {
    default_datastore: text(),
    default_compute: text(),
    continue_on_step_failure: boolean(),
    force_rerun: boolean(),
    on_init: text(),
    on_finalize: text(),
    continue_run_on_failed_optional_input: boolean(),
  },
  { unknown: 'warn', member: 'setting' },
)

// Pipelines nest: the component of a step may be a pipeline with steps of its own. The types are named so that they can
// refer to each other, and the shapes are looked up when they are used.
export type Steps = Readonly<Record<string, Step | null>>
const steps: Shape<Steps> = {
  says: 'steps by name',
  form: { kind: 'later', shape: () => stepMap },
  read: (reading, node, path) => stepMap.read(reading, node, path),
}
const component: Shape<Component> = choose<Component>(
  'a component',
  (look) => (look.has('jobs') || look.field('type') === 'pipeline' ? pipelineComponent : commandComponent),
  () => [commandComponent, pipelineComponent],
)
export const componentReference: Shape<string | Component> = choose<string | Component>(
  'azureml:NAME:VERSION, a file, or a component',
  (look) => (look.kind === 'map' ? component : text()),
)

const pipelineComponentFields = { ...componentHeader, type: choice('pipeline'), settings: pipelineSettings }
export interface PipelineComponent extends ObjectOf<typeof pipelineComponentFields> {
  readonly jobs: Steps
}
export type Component = CommandComponent | PipelineComponent
export const pipelineComponent: Shape<PipelineComponent> = object('a pipeline component', {
  ...pipelineComponentFields,
  jobs: required(steps),
})

const stepFields = {
  ...jobHeader,
  ...runFields,
  type: choice('command', 'pipeline', 'data_transfer'),
  comment: text(),
  code: text(),
  settings: pipelineSettings,
}

/** A step is a command of its own, an import of data, or a component (a reference, a file, or the component itself) with its inputs. */
export interface Step extends ObjectOf<typeof stepFields> {
  readonly command?: string | undefined
  readonly environment?: Infer<typeof environment> | undefined
  readonly component?: string | Component | undefined
  readonly task?: 'import_data' | undefined
  readonly source?: Infer<typeof importSource> | undefined
}
const commandStep: Shape<Step> = object('a command step', {
  ...stepFields,
  command: required(text()),
  environment: required(environment),
})
const importStep: Shape<Step> = object('a step that imports data', {
  ...stepFields,
  task: required(choice('import_data')),
  source: required(importSource),
})
// A step may say again what its component says; Azure lets it pass.
const componentStep: Shape<Step> = object('a step with a component', {
  ...stepFields,
  component: required(componentReference),
  command: text(),
  environment,
})

/** Types of step that Azure has and Twinloop does not run: refused at the type, not by a rain of unknown fields. */
const otherSteps = ['sweep', 'parallel', 'automl', 'spark', 'if_else', 'parallel_for', 'do_while', 'import']
const otherStep: Shape<Step> = {
  says: 'a step',
  form: { kind: 'any' },
  read: (reading, _, path) =>
    report(
      reading,
      [...path, 'type'],
      `${dotted(path)}: Twinloop runs no ${lookAt(reading, nodeAt(reading.source, path)).field('type') ?? ''} steps, only command and pipeline ones, and imports of data`,
    ),
}

const stepMap = map<Step>(
  choose<Step>(
    'a step',
    (look) => {
      const type = look.field('type')?.toLowerCase().replaceAll('-', '_')
      if (type !== undefined && otherSteps.includes(type)) return otherStep
      if (type === 'data_transfer') return importStep
      return look.has('component') ? componentStep : commandStep
    },
    () => [commandStep, componentStep, importStep],
  ),
  { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, says: 'a name of letters, digits and underscores' },
)

export const pipelineJob = object('a pipeline job', {
  ...jobHeader,
  type: choice('pipeline'),
  compute,
  jobs: steps,
  component: componentReference,
  settings: pipelineSettings,
  identity: runFields.identity,
  services: runFields.services,
})
export type PipelineJob = Infer<typeof pipelineJob>
