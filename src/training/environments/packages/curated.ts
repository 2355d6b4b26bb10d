/**
 * Environments that Azure ML offers ready made, as packages of the Python package index. The versions are Azure's
 * where they have wheels for today's Python, else the next that have; Azure's own telemetry and dashboards are left out.
 */
export interface CuratedEnvironment {
  readonly requirements: readonly string[]
  readonly notes: readonly string[]
}

/** Python 3.12 and newer have no wheels of the versions that Azure's images carry. */
const scientific = [
  'mlflow==2.22.2',
  'pandas==1.5.3 ; python_version < "3.12"',
  'pandas==2.2.3 ; python_version >= "3.12"',
  'numpy==1.26.4 ; python_version < "3.13"',
  'numpy==2.1.3 ; python_version >= "3.13"',
  'scipy==1.10.1 ; python_version < "3.12"',
  'scipy==1.14.1 ; python_version >= "3.12"',
  'pyarrow==16.1.0 ; python_version < "3.13"',
  'pyarrow==18.1.0 ; python_version >= "3.13"',
  'matplotlib==3.9.2',
  'joblib==1.4.2',
  'tqdm==4.67.1',
  'psutil==6.1.1',
]

const families: readonly {
  readonly name: RegExp
  readonly packages: (version: string) => { requirements: readonly string[]; notes?: readonly string[] }
}[] = [
  { name: /^sklearn-(.+)$/, packages: (version) => sklearn(version) },
  {
    name: /^lightgbm(?:-.+)?$/,
    packages: () => ({
      requirements: [...scientific, 'lightgbm==4.6.0', 'scikit-learn==1.5.2', 'xgboost==1.7.6'],
    }),
  },
  {
    name: /^(?:ai-ml-automl|automl|tabular).*$/,
    packages: () => ({
      requirements: [...scientific, 'lightgbm==4.6.0', 'scikit-learn==1.5.2', 'xgboost==1.7.6'],
    }),
  },
  {
    name: /^(?:minimal|python-sdk-v2|mlflow|inference-minimal|responsibleai).*$/,
    packages: () => ({ requirements: [...scientific, 'scikit-learn==1.5.2'] }),
  },
  {
    name: /^xgboost(?:-.+)?$/,
    packages: () => ({ requirements: [...scientific, 'xgboost==1.7.6', 'scikit-learn==1.5.2'] }),
  },
]

/** The names that are told when one is asked for that there is not. */
export const curatedNames: readonly string[] = [
  'sklearn-1.5',
  'sklearn-1.1',
  'sklearn-1.0',
  'sklearn-0.24',
  'lightgbm-3.3',
  'xgboost-1.7',
  'minimal-py311-inference',
  'mlflow-py311-inference',
  'responsibleai-tabular',
]

/**
 * The curated environment of this name (`sklearn-1.5`, `AzureML-sklearn-1.5`, `AzureML-lightgbm-3.3`,
 * `AzureML-sklearn-0.24-ubuntu18.04-py37-cpu`), or undefined if there is none.
 */
export function curatedEnvironment(name: string): CuratedEnvironment | undefined {
  const short = name
    .toLowerCase()
    .replace(/^azureml-/, '')
    .replace(/-ubuntu.*$/, '')
  for (const family of families) {
    const match = family.name.exec(short)
    if (!match) continue
    const { requirements, notes = [] } = family.packages(match[1] ?? '')
    return { requirements, notes }
  }
  return undefined
}

/**
 * The name of the curated environment that a reference or an image means: `azureml://registries/azureml/environments/
 * sklearn-1.5/labels/latest`, `mcr.microsoft.com/azureml/curated/sklearn-1.5:12`. Undefined for any other.
 */
export function curatedName(reference: string): string | undefined {
  const registry = /^azureml:\/\/registries\/azureml(?:-[a-z]+)?\/environments\/([^/]+)/i.exec(reference)?.[1]
  if (registry !== undefined) return registry
  const image = /^mcr\.microsoft\.com\/azureml\/curated\/([^:@]+)/i.exec(reference)?.[1]
  if (image !== undefined) return image
  return /^(?:azureml:)?(AzureML-[^:@]+)/i.exec(reference)?.[1]
}

function sklearn(version: string) {
  const exact: Readonly<Record<string, string>> = { '1.5': '1.5.2', '1.1': '1.1.3' }
  const known = exact[version]
  if (known !== undefined && known !== '1.1.3')
    return { requirements: [...scientific, `scikit-learn==${known}`] }
  return {
    requirements: [
      ...scientific,
      'scikit-learn==1.1.3 ; python_version < "3.12"',
      'scikit-learn==1.5.2 ; python_version >= "3.12"',
    ],
    ...(known === undefined
      ? { notes: [`scikit-learn ${version} has no wheels for this Python: the oldest that has is taken.`] }
      : {}),
  }
}
