import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDockerfile } from './dockerfile.ts'
import { specificationOf } from '../specification.ts'

test('reads pip, conda, Python and variables out of a Dockerfile', () => {
  const dockerfile = `
# syntax=docker/dockerfile:1
FROM --platform=linux/amd64 docker.io/library/python:3.10-slim AS base
ENV OMP_NUM_THREADS=1 GREETING="hello you"
ENV OLD way of it
COPY requirements.txt env/conda.yml /tmp/
RUN apt-get update && apt-get install -y gcc
RUN pip install --no-cache-dir -r /tmp/requirements.txt "lightgbm>=4,<5" \\
    # in between
    --extra-index-url=https://example.org/simple six==1.16.0
RUN python -m pip install --upgrade pip && pip3 --timeout 9 install ./here $WHEEL
RUN conda env update -n base -f /tmp/conda.yml
RUN conda install -y -c conda-forge scikit-learn=1.5
`
  const files = {
    'requirements.txt': 'numpy==1.26.4 # why\n',
    'env/conda.yml': 'dependencies: [py-xgboost=1.7]',
  }
  const content = readDockerfile(dockerfile, files)
  assert.equal(content.python, '==3.10.*')
  assert.deepEqual(content.requirements, [
    'numpy==1.26.4',
    'lightgbm>=4,<5',
    '--extra-index-url https://example.org/simple',
    'six==1.16.0',
    'pip',
    'xgboost==1.7.*',
    'scikit-learn==1.5.*',
  ])
  assert.deepEqual(content.variables, { OMP_NUM_THREADS: '1', GREETING: 'hello you', OLD: 'way of it' })
  assert.deepEqual(content.notes, [
    "The Dockerfile's apt-get update is not run on this machine.",
    "The Dockerfile's apt-get install -y gcc is not run on this machine.",
    "The Dockerfile's pip install ./here is not done on this machine.",
    "The Dockerfile's pip install $WHEEL is not done on this machine.",
  ])
})

test('says which file of the context is missing', () => {
  const { notes, requirements } = readDockerfile('FROM x\nRUN pip install -r gone.txt', {})
  assert.deepEqual([requirements, notes.length], [[], 1])
  assert.match(notes[0] ?? '', /no file gone\.txt/)
})

test('a build context makes the specification of an environment', () => {
  const context = {
    files: { Dockerfile: 'FROM mcr.microsoft.com/azureml/curated/sklearn-1.5:3\nRUN pip install six' },
  }
  const { requirements, notes } = specificationOf({ build: { contextUri: 'azureml://x' }, context })
  assert.ok(requirements.includes('six') && requirements.includes('scikit-learn==1.5.2'))
  assert.match(notes.join(), /no image is built/)
  const none = specificationOf({
    build: { contextUri: 'x', dockerfilePath: 'docker/Dockerfile' },
    context: { files: {} },
  })
  assert.match(none.notes.join(), /docker\/Dockerfile is not used/)
})
