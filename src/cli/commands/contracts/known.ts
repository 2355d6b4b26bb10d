import type { Client } from '../../client/client.ts'
import { Failure } from '../../failure.ts'
import type { Evaluation } from '../../../data/contracts/evaluation/result.ts'
import type { Body } from '../../present/present.ts'
import { textOf } from '../../present/present.ts'
import { encode } from '../verbs.ts'
import { contractPath, versionAsked } from './subject.ts'
import type { Checked } from './subject.ts'

/** The standing result of a contract on a version of its data. A Failure if there is none, or none yet. */
export async function known(api: Client, name: string, data: string | undefined): Promise<Checked> {
  const contract = await api.get<Body>(contractPath(name))
  const asset = textOf(contract.properties?.['data'])
  const version = await versionAsked(api, asset, data)
  if (version === undefined)
    throw new Failure(`${data ?? ''} is no version of ${asset}, which contract ${name} is of`)
  const path = `/data/${encode(asset)}/versions/${encode(version)}/providers/Twinloop/contractResults/${encode(name)}`
  const result = await api.find<Body>(path)
  const state = result?.properties?.['provisioningState']
  const hint = `twinloop data-contract check -n ${name} -d ${version}`
  if (result === undefined) throw new Failure(`${asset}:${version} was not checked against ${name}`, { hint })
  if (state === 'Running')
    throw new Failure(`${asset}:${version} is being checked right now`, { hint: 'try again in a moment' })
  if (state === 'Failed') {
    const error = result.properties?.['error'] as { message?: string } | undefined
    throw new Failure(`${asset}:${version} could not be checked: ${error?.message ?? ''}`, { hint })
  }
  return {
    contract: name,
    data: `${asset}:${version}`,
    evaluation: result.properties as unknown as Evaluation,
  }
}
