/** One way to use a version, to be copied. */
export interface UsageText {
  readonly title: string
  readonly note: string
  readonly text: string
  readonly language: 'text' | 'yaml'
}

/** What to write to use a version: MLflow's way where it is MLflow's model, files else. */
export function usageOf(
  model: string,
  version: string,
  { alias, type }: { readonly alias: string | undefined; readonly type: string | undefined },
): readonly UsageText[] {
  const uri = alias === undefined ? `models:/${model}/${version}` : `models:/${model}@${alias}`
  const python =
    type === 'mlflow_model'
      ? [
          {
            title: 'Python',
            note:
              alias === undefined
                ? 'after eval "$(twinloop env)"'
                : `whatever ${alias} means then, after eval "$(twinloop env)"`,
            text: `import mlflow\n\nmodel = mlflow.pyfunc.load_model(${JSON.stringify(uri)})\nmodel.predict(rows)  # a pandas.DataFrame\n`,
            language: 'text',
          } as const,
        ]
      : []
  return [
    ...python,
    {
      title: 'Files',
      note: 'into the working folder',
      text: `twinloop model download --name ${model} --version ${version}\n`,
      language: 'text',
    },
    {
      title: 'In a job',
      note: 'as an input',
      text: `inputs:\n  model:\n    type: ${type ?? 'custom_model'}\n    path: azureml:${model}:${version}\n`,
      language: 'yaml',
    },
    {
      title: 'At an endpoint',
      note: 'twinloop online-deployment create --file deployment.yml; a release does it with gates and approval',
      text: `name: blue\nendpoint_name: ${model}\nmodel: azureml:${model}:${version}\ninstance_count: 1\n`,
      language: 'yaml',
    },
  ]
}
