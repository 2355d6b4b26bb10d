import { presentAlertRouting, presentAlertRule, presentSilence } from '../../../src/cli/present/alert.ts'
import { presentData, presentModel } from '../../../src/cli/present/assets.ts'
import { presentContract } from '../../../src/cli/present/contract.ts'
import { presentJob } from '../../../src/cli/present/job.ts'
import { presentDeployment, presentEndpoint } from '../../../src/cli/present/platform.ts'
import type { Body } from '../../../src/cli/present/present.ts'
import { presentRelease, presentReleasePlan } from '../../../src/cli/present/release.ts'
import type { Resource } from '../api/resource.ts'
import type { YamlKind } from './yaml.ts'

const presenters: Readonly<Record<YamlKind, (body: Body) => unknown>> = {
  data: presentData,
  model: presentModel,
  job: presentJob,
  endpoint: presentEndpoint,
  deployment: presentDeployment,
  releasePlan: presentReleasePlan,
  release: presentRelease,
  contract: presentContract,
  alertRule: presentAlertRule,
  alertRouting: presentAlertRouting,
  silence: presentSilence,
}

/** What the command line shows of a resource. */
export const presented = (resource: Resource<unknown>, kind: YamlKind | undefined): unknown =>
  kind === undefined ? resource : presenters[kind](resource as unknown as Body)
