import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { testShell } from '../../testing/io.ts'
import type { TestShell } from '../../testing/io.ts'

let shell: TestShell
before(() => {
  shell = testShell()
  shell.write({
    'src/train.py': 'print(1)\n',
    'train.yml': `name: train
type: command
version: 1
inputs:
  data: {type: uri_folder}
  rate: {type: number, min: 0, max: 1}
  depth: {type: integer, default: 3}
outputs:
  model: {type: mlflow_model}
command: train --rate \${{inputs.rate}} $[[--x \${{inputs.depth}}]]
environment: azureml:e:1
`,
  })
})
after(() => shell.end())

const job = (text: string) => `command: echo\nenvironment: azureml:e:1\n${text}`
const pipeline = (jobs: string, more = '') => `type: pipeline\n${more}jobs:\n${jobs}`
const step = (name: string, more = '') =>
  `  ${name}:\n    command: echo\n    environment: azureml:e:1\n${more}`

const cases: readonly {
  readonly says: string
  readonly file: string
  readonly at: string
  readonly found: RegExp
}[] = [
  {
    says: 'an unknown field, and the nearest',
    file: job('comptue: azureml:c\n'),
    at: '3:1',
    found: /comptue is not a field of a command job[^]*did you mean compute\?/,
  },
  {
    says: 'an unknown field that every object has',
    file: job('constructor: 1\n'),
    at: '3:1',
    found: /constructor is not a field of a command job/,
  },
  {
    says: 'a schema that every object has',
    file: '$schema: constructor\n',
    at: '1:10',
    found: /Twinloop has no constructor/,
  },
  {
    says: 'a kind of job that there is not',
    file: 'type: sweep\ntrial: ./train.yml\n',
    at: '1:7',
    found: /Twinloop has no sweep jobs/,
  },
  {
    says: 'a kind of file that there is not',
    file: '$schema: https://azuremlschemas.azureedge.net/latest/sparkJob.schema.json\nname: b\n',
    at: '1:10',
    found: /Twinloop has no Spark jobs/,
  },
  {
    says: 'a file that no file can be',
    file: 'type: pipeline\njobs:\n  a: {type: command, component: "./a\\0.yml"}\n',
    at: '3:33',
    found: /there is no file/,
  },
  {
    says: 'a missing field',
    file: 'type: command\ncommand: echo\n',
    at: '1:1',
    found: /a command job needs environment/,
  },
  {
    says: 'text for a number',
    file: job('resources: {instance_count: two}\n'),
    at: '3:29',
    found: /two is not a whole number of at least 1/,
  },
  {
    says: 'a word that is not one of the choices',
    file: job('outputs: {o: {type: uri_foldr}}\n'),
    at: '3:21',
    found: /did you mean uri_folder\?/,
  },
  { says: 'broken YAML', file: 'command: [echo\n', at: '2:1', found: /this is not YAML/ },
  {
    says: 'an input that the command has not',
    file: 'command: x ${{inputs.lerning}}\nenvironment: azureml:e:1\ninputs: {learning: 1}\n',
    at: '1:12',
    found: /there is no input lerning[^]*did you mean learning\?/,
  },
  {
    says: 'a code folder that is not there',
    file: job('code: ./scr\n'),
    at: '3:7',
    found: /code: there is no \.\/scr/,
  },
  { says: 'no kind', file: 'name: x\n', at: '1:1', found: /what kind of file this is cannot be told/ },
  {
    says: 'a kind that Twinloop has not',
    file: '$schema: https://x/sweepJob.schema.json\n',
    at: '1:10',
    found: /Twinloop has no sweep jobs/,
  },
  {
    says: 'a step type that Twinloop has not',
    file: pipeline('  s:\n    type: sweep\n    trial: x\n'),
    at: '4:11',
    found: /jobs\.s: Twinloop runs no sweep steps/,
  },
  {
    says: 'a step that is not there',
    file: pipeline(step('a', '    inputs: {x: "${{parent.jobs.bb.outputs.o}}"}\n') + step('b')),
    at: '6:18',
    found: /the pipeline has no step bb[^]*did you mean b\?/,
  },
  {
    says: 'an output that a step has not',
    file: pipeline(
      step('a', '    outputs: {model:}\n') +
        step('b', '    inputs: {x: "${{parent.jobs.a.outputs.modl}}"}\n'),
    ),
    at: '10:18',
    found: /step a has no output modl[^]*did you mean model\?/,
  },
  {
    says: 'an input that the pipeline has not',
    file: pipeline(step('a', '    inputs: {x: "${{parent.inputs.dat}}"}\n'), 'inputs: {data: 1}\n'),
    at: '7:18',
    found: /the pipeline has no input dat[^]*did you mean data\?/,
  },
  {
    says: 'an expression without parent',
    file: pipeline(step('a', '    inputs: {x: "${{inputs.data}}"}\n'), 'inputs: {data: 1}\n'),
    at: '7:18',
    found: /did you mean \$\{\{parent\.inputs\.data\}\}\?/,
  },
  {
    says: 'steps in a circle',
    file: pipeline(
      step('a', '    inputs: {x: "${{parent.jobs.b.outputs.o}}"}\n    outputs: {o:}\n') +
        step('b', '    inputs: {x: "${{parent.jobs.a.outputs.o}}"}\n    outputs: {o:}\n'),
    ),
    at: '11:18',
    found: /wait for each other: a → b → a/,
  },
  {
    says: 'a component input that is missing',
    file: pipeline('  t:\n    component: ./train.yml\n    inputs: {rate: 0.1}\n'),
    at: '5:5',
    found: /component train needs the input data \(uri_folder\)/,
  },
  {
    says: 'a component input that is unknown',
    file: pipeline(
      '  t:\n    component: ./train.yml\n    inputs: {rate: 0.1, data: {path: "azureml:d:1"}, rat: 1}\n',
    ),
    at: '5:54',
    found: /component train has no input rat[^]*did you mean rate\?/,
  },
  {
    says: 'a literal out of bounds',
    file: pipeline('  t:\n    component: ./train.yml\n    inputs: {rate: 7, data: {path: "azureml:d:1"}}\n'),
    at: '5:20',
    found: /7 is above the most allowed, 1/,
  },
  {
    says: 'data for a literal',
    file: pipeline(
      '  t:\n    component: ./train.yml\n    inputs: {rate: "${{parent.inputs.d}}", data: "${{parent.inputs.d}}"}\n',
      'inputs: {d: {type: uri_folder, path: "azureml:d:1"}}\n',
    ),
    at: '6:20',
    found: /wants number, \$\{\{parent.inputs.d\}\} is uri_folder/,
  },
  {
    says: 'a literal for data',
    file: pipeline('  t:\n    component: ./train.yml\n    inputs: {rate: 0.1, data: hello}\n'),
    at: '5:31',
    found: /wants uri_folder, not the text "hello"/,
  },
  {
    says: 'a component file that is not there',
    file: pipeline('  t:\n    component: ./trian.yml\n'),
    at: '4:16',
    found: /there is no file .*trian\.yml/,
  },
]

for (const { says, file, at, found } of cases)
  test(`validate tells ${says}, where it is`, async () => {
    shell.write({ 'job.yml': file })
    const { code, err } = await shell.run('validate', 'job.yml')
    assert.equal(code, 1)
    assert.match(err, found)
    assert.match(err, new RegExp(`^job\\.yml:${at}  `, 'm'))
  })

test('all problems are told at once, with the line and what is meant', async () => {
  shell.write({
    'job.yml': 'type: pipeline\nsettings:\n  default_compte: azureml:x\njobs:\n  a:\n    comand: echo\n',
  })
  const { code, err } = await shell.run('validate', 'job.yml')
  assert.equal(code, 1)
  assert.equal(
    err,
    `job.yml:3:3  warning: settings.default_compte is not a setting of a pipeline job
   1 │ type: pipeline
   2 │ settings:
   3 │   default_compte: azureml:x
     │   ^^^^^^^^^^^^^^ did you mean default_compute?
error 3 problems, in job.yml

job.yml:6:5  jobs.a.comand is not a field of a command step
   4 │ jobs:
   5 │   a:
   6 │     comand: echo
     │     ^^^^^^ did you mean command?
job.yml:5:3  jobs.a: a command step needs command
   3 │   default_compte: azureml:x
   4 │ jobs:
   5 │   a:
     │   ^ add command: text
job.yml:5:3  jobs.a: a command step needs environment
   3 │   default_compte: azureml:x
   4 │ jobs:
   5 │   a:
     │   ^ add environment: azureml:NAME:VERSION or an environment
`,
  )
})

test('a local mltable is a folder with its MLTable', async () => {
  shell.write({ 'bare/a.csv': 'a\n1\n', 'table/MLTable': 'paths: [{file: ./a.csv}]\n' })
  for (const [path, says] of [
    ['./bare', /t\.yml:3:7 {2}path: \.\/bare has no file MLTable/],
    ['./bare/a.csv', /t\.yml:3:7 {2}path: \.\/bare\/a\.csv is no folder/],
    ['./table', /^$/],
    ['azureml://datastores/workspaceblobstore/paths/t', /^$/],
  ] as const) {
    shell.write({ 't.yml': `name: t\ntype: mltable\npath: ${path}\n` })
    assert.match((await shell.run('validate', 't.yml')).err, says)
  }
})

test('a mistake in one step hides none in the others, and is told once', async () => {
  const other = `  b:
    command: echo \${{inputs.y}}
    environment: azureml:e:1
    code: ./nowhere
    inputs:
      x: \${{parent.inputs.rawx}}
      a: \${{parent.jobs.a.outputs.o}}
      c: \${{parent.jobs.c.outputs.o}}
`
  shell.write({
    'job.yml': pipeline(step('a', '    outptus: {o: }\n') + other, 'inputs: {raw: 1}\n'),
    'root.yml': pipeline(step('a') + other, 'inptus: {rawx: 1}\n'),
  })
  const { err } = await shell.run('validate', 'job.yml')
  const told = (text: string) => text.split('\n').filter((line) => /^\S+:\d+:\d+ {2}/.test(line))
  assert.deepEqual(
    told(err).map((line) => line.replace(/^\S+ {2}/, '')),
    [
      'jobs.a.outptus is not a field of a command step',
      'jobs.b.inputs.x: the pipeline has no input rawx',
      'jobs.b.inputs.c: the pipeline has no step c',
      'jobs.b.command: there is no input y',
      'jobs.b.code: there is no ./nowhere',
    ],
  )
  const root = await shell.run('validate', 'root.yml')
  assert.equal(
    told(root.err).some((line) => /inptus/.test(line)),
    true,
  )
  assert.equal(
    told(root.err).some((line) => /rawx/.test(line)),
    false,
  )
})

test('what real files have is let pass: duplicate keys warn, an input may be called type', async () => {
  shell.write({
    'job.yml':
      'experiment_name: a\ncommand: echo ${{inputs.type}}\nenvironment: azureml:e@latest\nexperiment_name: b\ninputs: {type: uri_file}\n',
  })
  const { code, out, err } = await shell.run('validate', 'job.yml')
  assert.equal(code, 0)
  assert.match(out, /a command job, no problems/)
  assert.match(
    err,
    /job\.yml:1:1  warning: experiment_name is given twice|job\.yml:4:1  warning: experiment_name is given twice/,
  )
})
