import type { Json } from '../../kernel/resources/resource.ts'

/** What a model predicts, as Azure ML's monitors know it. */
export type Task = 'classification' | 'regression'

/** A monitor: what is watched of which deployment (or data), and who is told. Read from Azure's `monitorDefinition`. */
export interface Monitor {
  /** Name of its schedule. */
  readonly name: string
  readonly task?: Task
  /** Id of the online deployment that it watches. */
  readonly deployment?: string
  /** Id of the online endpoint that it watches as a whole, whichever of its deployments answers; then there is no `deployment`. */
  readonly endpoint?: string
  /** Id of the model version that it watches; default: the deployment's. */
  readonly model?: string
  readonly signals: readonly PlannedSignal[]
  /** Who is mailed of a breach. */
  readonly emails: readonly string[]
  /** From one window's end to the next, as its trigger has it, in ms: the default length of windows. */
  readonly periodMs: number
}

/** One signal of a monitor. What all kinds have alike is read; `parameters` is the rest, for its kind. */
export interface PlannedSignal {
  /** As the monitor calls it: `drift-of-inputs`. */
  readonly name: string
  /** As YAML calls its kind: `data_drift`. */
  readonly kind: string
  /** What is looked at: one source, or several that are joined by correlation id. */
  readonly production: readonly DataSource[]
  /** What it is held against; absent where the kind needs none. */
  readonly reference?: DataSource
  /** Of custom signals: sources that are no population, by the name of the component's input. */
  readonly inputs?: Readonly<Record<string, DataSource>>
  readonly features: Features
  /** Columns whose type is told, where it would be guessed otherwise. */
  readonly types: Readonly<Record<string, 'numerical' | 'categorical'>>
  /** Only rows whose feature has one of these values (Azure's `data_segment`). */
  readonly segment?: { readonly feature: string; readonly values: readonly string[] }
  /** Columns by each of whose values everything is computed again (beyond Azure): one segment a value, two make pairs. */
  readonly segments: readonly string[]
  readonly thresholds: Thresholds
  /** False: computed and kept, and nobody is told. */
  readonly alertEnabled: boolean
  readonly parameters: Json
}

/** All, those named, or so many of the most important ones of the reference (which is training data then). */
export type Features =
  | { readonly all: true }
  | { readonly names: readonly string[] }
  | { readonly top: number }

/** Where rows come from. */
export interface DataSource {
  /** What the rows are: Azure's `data_context`, in snake case. */
  readonly context:
    | 'model_inputs'
    | 'model_outputs'
    | 'model_inputs_outputs'
    | 'ground_truth'
    | 'training'
    | 'test'
    | 'validation'
    | undefined
  /** Path or asset; absent: what was collected of the monitor's deployment. */
  readonly uri?: string
  /** Azure's jobInputType: `uri_folder`, `mltable`, … */
  readonly type?: string
  readonly window: SourceWindow
  /** Which column is what: `target_column`, `prediction_column`, `probability_column`, `correlation_id`, `time_column`, … */
  readonly columns: Readonly<Record<string, string>>
  /** Id of the component that makes a table of it first. */
  readonly preprocessing?: string
}

/** Which rows: all there are; between two times; or of a length up to an offset before the run's time. */
export type SourceWindow =
  | { readonly kind: 'whole' }
  | { readonly kind: 'static'; readonly from: Date; readonly to: Date }
  | { readonly kind: 'rolling'; readonly sizeMs: number; readonly offsetMs: number }

/** By metric; a metric without one is computed and not judged. */
export interface Thresholds {
  /** As the monitor says them: `{ numerical: { jensen_shannon_distance: 0.1 }, categorical: {…} }`, or without the group. */
  readonly constant: Readonly<Record<string, Readonly<Record<string, number>>>>
  /**
   * Beyond Azure: limits from chunks of the reference, mean ± `deviations` standard deviations (ddof 0) of the metric over
   * chunks that are as long as the production window, or `chunks` equal ones where the reference tells no time.
   */
  readonly fromReference?: { readonly deviations: number; readonly chunks: number }
  /** Beyond Azure: how p-values of many features are corrected. Default `none`, as Azure has it. */
  readonly correction: 'none' | 'benjamini_hochberg' | 'holm'
}
