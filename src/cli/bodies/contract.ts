import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { DataContract } from '../yaml/shapes/data-contract.ts'

/** The body of `PUT …/providers/Twinloop/dataContracts/{name}`: the checks as they stand in the file. */
export const contractBody = (contract: DataContract): Json => {
  const { data, description, tags, properties, severity, enforce, examples, checks, freshness } = contract
  return {
    properties: clean({
      data,
      description,
      tags,
      properties,
      severity,
      enforce,
      examples,
      checks,
      freshness,
    }),
  }
}
