import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TestApp } from '../../testing/app.ts'
import { upload, uploadFolder } from '../../testing/serving.ts'
import { builderOf } from '../../training/environments/find.ts'
import { specificationOf } from '../../training/environments/specification.ts'

/** The environment of the models, in which the oracles are computed too. */
const requirements = [
  'mlflow-skinny==2.22.2',
  'numpy<3',
  'pandas<3',
  'pyarrow<23',
  'scikit-learn<1.8',
  'fairlearn==0.13.0',
]

/** A Python with MLflow, scikit-learn and fairlearn, and a folder to work in. */
export interface Laboratory {
  readonly folder: string
  /** Runs a program with these arguments and answers with what it prints, as JSON. */
  run(program: string, ...args: readonly string[]): Promise<unknown>
  /** Runs a program that is given a folder, and registers the MLflow models that it leaves there. */
  train(program: string, names: readonly string[]): Promise<void>
  /** Registers a table of the folder as a data asset. */
  data(name: string, text: string): Promise<void>
}

/** Builds the environment as a server would, so that a model's own is there when its first job asks for it. */
export async function openLaboratory(twin: TestApp): Promise<Laboratory> {
  const { python } = await builderOf(twin.app.platform).ensure(
    specificationOf({ requirements: requirements.join('\n') }),
  )
  const folder = join(twin.home, 'laboratory')
  mkdirSync(folder, { recursive: true })
  const execute = async (program: string, args: readonly string[]) => {
    const file = join(folder, 'program.py')
    writeFileSync(file, program)
    const { stdout } = await promisify(execFile)(python, [file, ...args], { maxBuffer: 1 << 26 })
    return stdout
  }
  return {
    folder,
    run: async (program, ...args) => JSON.parse(await execute(program, args)) as unknown,
    async train(program, names) {
      await execute(program, [folder, ...requirements])
      for (const name of names) {
        const modelUri = await uploadFolder(twin, `LocalUpload/${name}/model`, join(folder, name))
        const id = `${twin.workspace}/models/${name}/versions/1`
        const { status, body } = await twin.send('PUT', id, {
          properties: { modelType: 'mlflow_model', modelUri },
        })
        if (status !== 201) throw new Error(JSON.stringify(body))
      }
    },
    async data(name, text) {
      writeFileSync(join(folder, `${name}.csv`), text)
      const dataUri = `${await upload(twin, `LocalUpload/${name}`, { 'rows.csv': text })}/rows.csv`
      const { status, body } = await twin.send('PUT', `${twin.workspace}/data/${name}/versions/1`, {
        properties: { dataType: 'uri_file', dataUri },
      })
      if (status !== 201) throw new Error(JSON.stringify(body))
    },
  }
}
