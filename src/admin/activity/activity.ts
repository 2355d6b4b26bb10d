import { parseArmId } from '../../kernel/resources/arm-id.ts'
import { tenantId } from '../../kernel/tls/trust.ts'
import type { AuditRow } from '../../store/access-rows.ts'

const both = (value: string, localizedValue = value) => ({ value, localizedValue })

/**
 * An entry of the audit log as Azure's activity log shows it: `caller` is the name of who did it (of the principal's id in
 * `claims.oid`, also when it has gone), `operationName.value` the operation that they needed, and `properties.detail`
 * what was done: `created`, `replaced`, `deleted`, or the action's name.
 */
export function asActivity(
  row: AuditRow & { readonly seq: number },
  names: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const time = new Date(row.time).toISOString()
  const { subscription, resourceGroup, provider, type } = placeOf(row.resource)
  const verb = row.operation.split('/').at(-1) ?? ''
  return {
    id: `${row.resource}/events/${row.seq}/ticks/${row.time}`,
    eventDataId: String(row.seq),
    eventTimestamp: time,
    submissionTimestamp: time,
    caller: names.get(row.actor) ?? row.actor,
    claims: { oid: row.actor, name: names.get(row.actor) ?? row.actor },
    authorization: { action: row.operation, scope: row.resource },
    category: both('Administrative'),
    channels: 'Operation',
    correlationId: row.request_id,
    operationId: row.request_id,
    eventName: both('EndRequest', 'End request'),
    level: 'Informational',
    operationName: both(row.operation, row.detail === '' ? verb : `${row.detail} ${type}`),
    resourceId: row.resource,
    resourceGroupName: resourceGroup ?? '',
    resourceProviderName: both(provider),
    resourceType: both(`${provider}/${type}`),
    status: both('Succeeded'),
    subStatus: both(row.status === 200 ? 'OK' : String(row.status)),
    subscriptionId: subscription ?? '',
    tenantId,
    description: '',
    properties: { detail: row.detail, statusCode: String(row.status) },
  }
}

/** What a key says, as far as it is one: what was written long ago may be named otherwise today. */
function placeOf(key: string) {
  try {
    return parseArmId(key)
  } catch {
    return { subscription: undefined, resourceGroup: undefined, provider: '', type: '' }
  }
}
