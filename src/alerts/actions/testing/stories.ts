import { githubRepository } from '../../../release/ci/testing/change-hosts.ts'
import { startHost, type Answered, type Called } from '../../../release/ci/testing/hosts.ts'
import { githubIssues } from '../../../release/ci/testing/task-hosts.ts'
import { aliasesOf } from '../../../registry/aliases.ts'
import { asRelease } from '../../../release/releases/release.ts'
import { crown } from '../../../release/releases/steps/finish.ts'
import { asJob } from '../../../training/jobs/job.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { AlertLab } from '../../testing/lab.ts'
import { collectingEndpoint } from '../../../serving/testing/collecting-endpoint.ts'

/** What a kind of action is told to do in a world of its own, and what of that world shows how often it was done. */
export interface Story {
  readonly kind: string
  readonly parameters: Json
  readonly afterwards?: string
  /** What the rest of the platform does meanwhile: jobs end, deployments come up, notices arrive. */
  others?(incident: string): Promise<void>
  /** Twice done, something of it would be otherwise. */
  seen(incident: string): Promise<unknown>
  /** It does something that a transaction cannot take back: it asks a host. */
  readonly actsOutside?: true
  /** Telling it takes long, so it is told with some deaths only. */
  readonly isSlow?: true
  /** What the action says when it is done, and when the incident is over. */
  readonly says: readonly RegExp[]
}

/** A story of each kind of action, each told in the n-th world: names in it end with the number. */
export interface Stories {
  readonly stories: Readonly<Record<string, (n: number) => Promise<Story>>>
  readonly host: {
    /** At which of its next calls, from 1, the host hangs up having done it. */
    deafAt(call: number | undefined): void
    /** How often it was called since. */
    calls(): number
  }
  end(): Promise<void>
}

const token = 'token'
const file = 'compute.yml'

/** Stories of all kinds, in a lab: what would run beside it (jobs, deployments, gateways) is played by `others`. */
export async function storiesOf(lab: AlertLab): Promise<Stories> {
  let answer: (call: Called) => Answered = () => ({ status: 404 })
  let [deaf, calls] = [Infinity, 0]
  const host = await startHost((call) => {
    const answered = answer(call)
    return ++calls === deaf ? { status: 0 } : answered
  })
  const idOf = (path: string) => `${lab.workspace}/${path}`
  const get = (path: string) => lab.platform.resources.get(idOf(path))
  const put = async (path: string, properties: Json) =>
    lab.platform.resources.put(lab.actor, idOf(path), { location: 'local', properties })
  const listed = async (type: string, parent: string) =>
    (await lab.platform.resources.list({ type, parent })).map(({ name }) => name)
  const is = (path: string, status: Json) => lab.platform.resources.setStatus(idOf(path), status)

  const compute = async (name: string) => {
    const properties = { computeType: 'AmlCompute', properties: { scaleSettings: { maxNodeCount: 2 } } }
    await put(`computes/${name}`, properties)
    await is(`computes/${name}`, { provisioningState: 'Succeeded' })
  }
  const register = async (model: string, version: string, status: Json = {}) => {
    const path = `LocalUpload/${model}-${version}/model.txt`
    const workspace = await lab.platform.resources.get(lab.workspace)
    const container = `${String(workspace.status['workspaceId'])}-blobstore`
    await lab.platform.artifacts.put({ container, path }, Buffer.from(version))
    const modelUri = `azureml://datastores/workspaceblobstore/paths/${path}`
    await put(`models/${model}/versions/${version}`, { modelUri })
    await is(`models/${model}/versions/${version}`, status)
  }
  const command = (outputs: Json = {}) => ({
    jobType: 'Command',
    command: 'train',
    environmentId: 'azureml://registries/azureml/environments/sklearn-1.5/labels/latest',
    outputs,
  })
  const jobsOf = async (incident: string) =>
    (await lab.platform.resources.list({ type: 'workspaces/jobs', parent: lab.workspace }))
      .map(asJob)
      .filter(({ properties }) =>
        JSON.stringify(properties.properties).toLowerCase().includes(`${incident}/actions/`.toLowerCase()),
      )

  const stories: Readonly<Record<string, (n: number) => Promise<Story>>> = {
    async notify() {
      const mine = async (incident: string) =>
        (await lab.platform.resources.list({ type: 'notices', parent: lab.workspace })).filter(
          ({ properties }) => properties['about'] === incident,
        )
      return {
        kind: 'notify',
        parameters: { webhook: 'ops' },
        async others(incident) {
          for (const { key } of await mine(incident))
            await lab.platform.resources.setStatus(key, { state: 'sent', attempts: 1 })
        },
        seen: async (incident) =>
          (await mine(incident)).map(({ properties }) => String(properties['subject'])).toSorted(),
        says: [/^told /, /^told /],
      }
    },

    async development_task() {
      const github = githubIssues(token)
      ;({ answer } = github)
      return {
        kind: 'development_task',
        parameters: { repository: 'flights', close: true },
        actsOutside: true,
        seen: async () =>
          github.issues.map(({ number, comments, state }) => [number, comments.length, state]),
        says: [/^opened issue 1 in flights/, /^(?:told|closed) issue 1/],
      }
    },

    async propose_change(n) {
      await compute(`c${n}`)
      const github = githubRepository(file, 'max_instances: 2\n')
      ;({ answer } = github)
      return {
        kind: 'propose_change',
        parameters: { compute: `c${n}`, by: 2, max: 8, file, repository: 'flights' },
        actsOutside: true,
        async seen(incident) {
          const all = await lab.platform.resources.list({ type: 'changeProposals', parent: lab.workspace })
          const mine = all.filter(({ properties }) => properties['incident'] === incident)
          const [, ...branches] = github.branches.values()
          return [mine.length, mine[0]?.status['request'], branches, github.requests.length]
        },
        says: [/^proposed to change the most nodes of compute c\d+ from 2 to 4: .*; http/],
      }
    },

    async scale(n) {
      await compute(`c${n}`)
      return {
        kind: 'scale',
        parameters: { compute: `c${n}`, by: 2, max: 100, back: true },
        others: async () => void (await is(`computes/c${n}`, { provisioningState: 'Succeeded' })),
        seen: async () =>
          ((await get(`computes/c${n}`)).properties['properties'] as Record<string, unknown>)[
            'scaleSettings'
          ],
        says: [/compute c\d+ from 2 to 4$/, /compute c\d+ from 4 to 2$/],
      }
    },

    async shift_traffic(n) {
      await serving(n)
      return {
        kind: 'shift_traffic',
        parameters: { endpoint: `e${n}`, weights: { blue: 90, green: 10 } },
        others: async () => void (await is(`onlineEndpoints/e${n}`, { provisioningState: 'Succeeded' })),
        seen: async () => (await get(`onlineEndpoints/e${n}`)).properties['traffic'],
        says: [/^e\d+ answers by blue 90 %, green 10 % \(before: green 100 %\)$/],
      }
    },

    async 'rollback of an endpoint'(n) {
      await serving(n)
      return {
        kind: 'rollback',
        parameters: { endpoint: `e${n}` },
        others: async () => void (await is(`onlineEndpoints/e${n}`, { provisioningState: 'Succeeded' })),
        seen: async () => (await get(`onlineEndpoints/e${n}`)).properties['traffic'],
        says: [/^e\d+ answers by blue 100 % \(before: green 100 %\)$/],
      }
    },

    async 'rollback of a release'(n) {
      const plan = `providers/Twinloop/releasePlans/p${n}`
      await put(plan, { model: `m${n}`, start: 'by_hand', stages: [{ name: 'production', gates: [] }] })
      for (const version of ['1', '2', '3']) {
        await register(`m${n}`, version)
        await lab.platform.resources.act(lab.actor, idOf(plan), 'start', { version })
        const release = asRelease(await get(`${plan}/releases/${version}`))
        await crown(lab.platform, release, version)
        await is(`${plan}/releases/${version}`, { state: 'succeeded', phase: 'ended', endedAt: '2026-01-01' })
      }
      const told = (state: Json) =>
        (state['timeline'] as readonly { readonly what: string }[])
          .map(({ what }) => what)
          .filter((what) => what.startsWith('went back'))
          .map((what) => what.replace(/:.*/, '').replace(`p${n}`, 'p'))
      return {
        kind: 'rollback',
        parameters: { plan: `p${n}` },
        async seen() {
          const releases = await Promise.all(
            ['1', '2', '3'].map(async (name) => {
              const { status } = await get(`${plan}/releases/${name}`)
              return [name, status['state'], ...told(status)]
            }),
          )
          return [aliasesOf(await get(`models/m${n}`)), ...releases]
        },
        says: [/^went back to p\d+\/2 \(m\d+:2\)$/],
      }
    },

    async run_job() {
      return {
        kind: 'run_job',
        parameters: { job: command() },
        async others(incident) {
          for (const { key } of await jobsOf(incident))
            await lab.platform.resources.setStatus(key, { status: 'Completed' })
        },
        seen: async (incident) => (await jobsOf(incident)).length,
        says: [/^job slow-\S+ completed$/],
      }
    },

    retrain: (n) => retraining(n, {}),
    'retrain on a window': async (n) => {
      const around = { platform: lab.platform, workspaceId: lab.workspace }
      const endpoint = await collectingEndpoint(around, `e${n}`, ['blue'])
      const at = new Date(lab.platform.clock().getTime() - 3_600_000)
      await endpoint.write('blue', [{ id: `q${n}`, at, inputs: [{ x: 1 }], truth: { y: 1 } }])
      return { ...(await retraining(n, { data: { window: '90d', of: `e${n}` } })), isSlow: true }
    },
  }

  async function retraining(n: number, inputs: Json): Promise<Story> {
    const plan = `providers/Twinloop/releasePlans/p${n}`
    await put(plan, { model: `m${n}`, start: 'by_hand', stages: [{ name: 'production', gates: [] }] })
    const outputs = { model: { jobOutputType: 'custom_model', assetName: `m${n}` } }
    const data = { jobInputType: 'uri_file', uri: '' }
    const job = { ...command(outputs), inputs: Object.keys(inputs).length === 0 ? {} : { data } }
    return {
      kind: 'retrain',
      parameters: { job, inputs },
      afterwards: 'release',
      async others(incident) {
        for (const made of await jobsOf(incident)) {
          if (made.status.status !== 'Completed')
            await register(`m${n}`, '1', { lineage: { run: made.name } })
          await lab.platform.resources.setStatus(made.key, { status: 'Completed' })
        }
      },
      seen: async (incident) => [
        (await jobsOf(incident)).length,
        await listed('workspaces/models/versions', idOf(`models/m${n}`)),
        await listed('releasePlans/releases', idOf(plan)),
        (
          await lab.platform.resources.list({ type: 'workspaces/data/versions', scope: lab.workspace })
        ).filter(({ id }) => id.includes(`e${n}`)).length,
      ],
      says: [/^trained m\d+:1 and started release p\d+\/1$/],
    }
  }

  /** An endpoint with two deployments that serve, green with all requests. */
  async function serving(n: number) {
    await collectingEndpoint({ platform: lab.platform, workspaceId: lab.workspace }, `e${n}`, [
      'blue',
      'green',
    ])
    await lab.platform.resources.patch(lab.actor, idOf(`onlineEndpoints/e${n}`), {
      properties: { traffic: { green: 100 } },
    })
    await is(`onlineEndpoints/e${n}`, { provisioningState: 'Succeeded' })
  }

  await put('connections/ops', { category: 'GenericHttp', target: 'http://127.0.0.1:9', authType: 'None' })
  const credentials = { pat: token }
  await put('connections/git', { category: 'Git', target: host.url, authType: 'PAT', credentials })
  await put('providers/Twinloop/repositories/flights', {
    url: 'https://github.example.org/acme/flights',
    host: 'github',
    report: { connection: 'git' },
  })
  return {
    stories,
    host: { deafAt: (call) => void ([deaf, calls] = [call ?? Infinity, 0]), calls: () => calls },
    end: () => host.end(),
  }
}
