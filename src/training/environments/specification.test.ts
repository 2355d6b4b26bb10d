import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { condaDependency } from './packages/conda.ts'
import { curatedName, curatedNames } from './packages/curated.ts'
import { constraintsOf } from './packages/requirement.ts'
import { curatedSpecification, environmentKey, specificationOf } from './specification.ts'

describe('a conda dependency in pip’s words', () => {
  for (const [conda, pip] of [
    ['python=3.11', 'python==3.11.*'],
    ['python=3.8.10', 'python==3.8.10.*'],
    ['python>=3.6,<3.9', 'python>=3.6,<3.9'],
    ['python 3.9.*', 'python==3.9.*'],
    ['numpy', 'numpy'],
    ['numpy=1', 'numpy==1.*'],
    ['numpy==1.26.4', 'numpy==1.26.4'],
    ['numpy 1.26.4', 'numpy==1.26.4'],
    ['numpy=1.26.4=py311h64a7726_0', 'numpy==1.26.4.*'],
    ['numpy 1.26.4 py311h64a7726_0', 'numpy==1.26.4'],
    ['numpy >=1.20, <2', 'numpy>=1.20,<2'],
    ['numpy>=1.20.*', 'numpy>=1.20'],
    ['numpy!=1.25.*', 'numpy!=1.25.*'],
    ['numpy~=1.26', 'numpy~=1.26'],
    ['numpy=1.26.*', 'numpy==1.26.*'],
    ['scikit-learn=1.5.0rc1', 'scikit-learn==1.5.0rc1'],
    ['conda-forge::LightGBM=4.3', 'lightgbm==4.3.*'],
    ['conda-forge/linux-64::xgboost', 'xgboost'],
  ] as const)
    test(conda, () => {
      const parsed = condaDependency(conda)
      assert.equal(`${parsed?.name}${parsed?.specifiers}`, pip)
    })

  for (const wrong of ['', '=1.2', 'numpy=', 'numpy=>1', 'numpy>=1|<2', 'numpy[version="1"]'])
    test(`${JSON.stringify(wrong)} is none`, () => assert.equal(condaDependency(wrong), undefined))
})

describe('the specification of an environment', () => {
  const condaFile = `
channels: [conda-forge, pytorch]
variables: { OMP_NUM_THREADS: 1 }
dependencies:
  - python=3.11
  - pip=24
  - conda-forge::py-xgboost=1.7
  - librosa
  - libgcc-ng
  - PyYAML # a remark
  - pip:
    - Scikit_Learn == 1.5.2   # another
    - mlflow [extras]>=2 ; python_version < "3.13"
    - git+https://github.com/o/r#subdirectory=a
    - --extra-index-url https://example.org/simple
`
  const specification = specificationOf({ image: 'mcr.microsoft.com/azureml/x', condaFile })

  test('is in pip’s words and in one order', () => {
    assert.equal(specification.python, '==3.11.*')
    assert.deepEqual(specification.requirements, [
      '--extra-index-url https://example.org/simple',
      'git+https://github.com/o/r#subdirectory=a',
      'librosa',
      'mlflow[extras]>=2 ; python_version < "3.13"',
      'pip',
      'pyyaml',
      'scikit-learn==1.5.2',
      'setuptools<81',
      'xgboost==1.7.*',
    ])
    assert.deepEqual(specification.variables, { OMP_NUM_THREADS: '1' })
  })

  test('tells once what differs from what was asked for', () => {
    assert.match(
      specification.notes.join('\n'),
      /^The image .* is not used .*\n.*channels pytorch\.\nlibgcc-ng is no/,
    )
  })

  test('does not depend on how it is written', () => {
    const a = specificationOf({ condaFile: 'dependencies: [python=3.11, {pip: [B==1, a]}]' })
    const b = specificationOf({
      condaFile: { dependencies: ['python=3.11', { pip: ['A', 'b == 1'] }, 'pip'] },
    })
    assert.equal(environmentKey(a, '3.11'), environmentKey(b, '3.11'))
    assert.notEqual(environmentKey(a, '3.11'), environmentKey(a, '3.12'))
    assert.notEqual(
      environmentKey(a, '3.11'),
      environmentKey(specificationOf({ requirements: 'b==2\na' }), '3.11'),
    )
  })

  test('reads a requirements file', () => {
    const text = '# all\nnumpy>=1.0, \\\n  <2 # why\n\n-i https://example.org/simple\nsix'
    const { python, requirements } = specificationOf({ requirements: text, python: '==3.10.*' })
    assert.equal(python, '==3.10.*')
    assert.deepEqual(requirements, [
      '-i https://example.org/simple',
      'numpy>=1.0,<2',
      'pip',
      'setuptools<81',
      'six',
    ])
  })

  test('names every problem of a conda file', () => {
    const wrong =
      'chanels: []\ndependencies:\n- numpy=\n- npm: [x]\n- pip: [-r r.txt, -e ., ./x, sklearn=1.2, "a b", --hash, ok==1]'
    assert.throws(
      () => specificationOf({ condaFile: wrong }),
      (error: { details: { message: string }[] }) => {
        assert.deepEqual(
          error.details.map(({ message }) => message.split(/ is not| names| installs| has| is a/)[0]),
          [
            'chanels',
            'numpy=',
            'dependencies.npm',
            '-r r.txt',
            '-e .',
            './x',
            'sklearn=1.2',
            'a b',
            '--hash',
          ],
        )
        return true
      },
    )
  })

  test('an image alone gets a few packages and a note', () => {
    const { requirements, notes } = specificationOf({ image: 'docker.io/library/python:3.12' })
    assert.ok(requirements.some((line) => line.startsWith('mlflow-skinny')))
    assert.match(notes.join(), /docker\.io.*is not used/)
  })
})

test('packages that write the same files are kept at one version', () => {
  const lines = [
    'MLflow[extras] == 2.9.2 ; python_version < "3.12"',
    'numpy',
    'mlflow-skinny',
    'azureml-mlflow==1.57.0',
  ]
  assert.deepEqual(constraintsOf(lines), ['mlflow-skinny==2.9.2 ; python_version < "3.12"'])
  assert.deepEqual(constraintsOf(['mlflow', 'mlflow @ git+https://example.org/mlflow']), [])
})

describe('curated environments', () => {
  for (const [reference, name] of [
    ['azureml://registries/azureml/environments/sklearn-1.5/labels/latest', 'sklearn-1.5'],
    ['azureml://registries/azureml/environments/lightgbm-3.3/versions/64', 'lightgbm-3.3'],
    ['azureml:AzureML-sklearn-1.5@latest', 'AzureML-sklearn-1.5'],
    ['AzureML-lightgbm-3.3@latest', 'AzureML-lightgbm-3.3'],
    ['mcr.microsoft.com/azureml/curated/sklearn-1.5:12', 'sklearn-1.5'],
    ['azureml:my-own@latest', undefined],
    ['azureml://registries/other/environments/sklearn-1.5/labels/latest', undefined],
    ['docker.io/library/python', undefined],
  ] as const)
    test(reference, () => assert.equal(curatedName(reference), name))

  test('are known under today’s and yesterday’s names', () => {
    const old = [
      'AzureML-sklearn-0.24-ubuntu18.04-py37-cpu',
      'AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu',
      'AzureML-Minimal',
    ]
    for (const name of [...curatedNames, ...curatedNames.map((n) => `AzureML-${n}`), ...old])
      assert.ok(curatedSpecification(name).requirements.length > 5, name)
    assert.match(curatedSpecification('sklearn-0.24').notes.join(), /0\.24/)
    assert.deepEqual(
      specificationOf({ image: 'mcr.microsoft.com/azureml/curated/sklearn-1.5:12' }),
      curatedSpecification('sklearn-1.5'),
    )
  })

  test('name the nearest where there is none', () => {
    assert.throws(() => curatedSpecification('AzureML-sklaern-1.5'), /nearest is sklearn-1\.5/)
  })
})
