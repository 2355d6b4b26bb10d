import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { machineVariables } from '../../../compute/pass-through.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Environment } from '../../../training/environments/builder.ts'
import type { MlModel } from '../revision/model-folder.ts'
import { keepCompiled, keyOfCompiled, onnxRuntimeVersion, takeCompiled } from './cache.ts'
import { compileModel } from './compile.ts'
import { storedRows } from './stored-rows.ts'
import { sentenceOf, type Verdict } from './verdict.ts'

/** Environment variable of a deployment by which its owner says what is to answer its requests. */
const wishVariable = 'TWINLOOP_RUNTIME'
const wishes = ['auto', 'python', 'onnx'] as const
type Wish = (typeof wishes)[number]

/** Flavors that can be compiled at all; python/compile_model.py says which models of them. */
const flavors = ['sklearn', 'xgboost', 'lightgbm']

/** What a deployment's owner wants. Throws a validation error for what is none of `auto` (the default), `python`, `onnx`. */
export function runtimeWish(variables: Readonly<Record<string, string>> | null | undefined): Wish {
  const said = variables?.[wishVariable] ?? 'auto'
  const wish = wishes.find((each) => each === said.toLowerCase())
  if (wish) return wish
  throw errors.validation(`${wishVariable} is '${said}'; it can be ${wishes.join(', ')}.`, {
    target: `properties.environmentVariables.${wishVariable}`,
  })
}

interface Served {
  readonly platform: Platform
  /** Key of the workspace. */
  readonly workspace: string
  /** The revision's folder, below which the compiled model is laid. */
  readonly folder: string
  /** Id of the model, where it is registered. */
  readonly model?: string | null | undefined
  readonly modelFolder: string
  readonly mlmodel: MlModel
  readonly variables: Readonly<Record<string, string>>
  readonly environment: Pick<Environment, 'python' | 'key'>
}

/**
 * Decides by what an MLflow model's requests are answered: by what it compiles to, if that is proven to answer as
 * Python does, else by Python. What was compiled once is kept in the workspace's artifacts. Throws a validation error
 * where the owner insists on ONNX and it cannot be.
 */
export async function decideRuntime(
  served: Served,
  say: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Verdict> {
  const wish = runtimeWish(served.variables)
  const verdict =
    wish === 'python'
      ? ({ kind: 'python', because: `${wishVariable} says so` } as const)
      : await compileOnce(served, say, signal)
  await say(`Runtime: ${sentenceOf(verdict)}.`)
  if (wish === 'onnx' && verdict.kind === 'python')
    throw errors.validation(
      `${wishVariable} is onnx, and the model cannot be served so: ${verdict.because}. With auto it is served by Python.`,
      { target: `properties.environmentVariables.${wishVariable}` },
    )
  return verdict
}

async function compileOnce(
  { platform, workspace, folder, model, modelFolder, mlmodel, variables, environment }: Served,
  say: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<Verdict> {
  if (!flavors.some((name) => mlmodel.flavors[name] !== undefined))
    return { kind: 'python', because: 'only scikit-learn, XGBoost and LightGBM models are compiled' }
  if (onnxRuntimeVersion() === undefined)
    return { kind: 'python', because: 'onnxruntime-node is not installed beside Twinloop' }
  const native = join(folder, 'native')
  const key = await keyOfCompiled(modelFolder, environment.key)
  const kept = await takeCompiled(platform, workspace, key, native)
  if (kept) {
    await say('The model was compiled and proven before.')
    return kept
  }
  const rows = join(folder, 'rows')
  const verdict = await compileModel({
    model: modelFolder,
    python: environment.python,
    variables: { ...machineVariables(process.env), ...variables },
    folder: native,
    rows: await storedRows(platform, workspace, model, rows, signal),
    say,
    signal,
  })
  await rm(rows, { recursive: true, force: true })
  if (verdict.kind === 'onnx') await keepCompiled(platform, workspace, key, verdict)
  return verdict
}
