import { presentEventSubscription } from '../present/event.ts'
import { presentProposal } from '../present/proposal.ts'
import { presentAlertRouting, presentAlertRule, presentIncident, presentSilence } from '../present/alert.ts'
import {
  presentComponent,
  presentData,
  presentDatastore,
  presentEnvironment,
  presentModel,
} from '../present/assets.ts'
import { presentContract } from '../present/contract.ts'
import { presentConnection } from '../present/connection.ts'
import { presentBatchDeployment, presentBatchEndpoint } from '../present/batch.ts'
import { presentJob } from '../present/job.ts'
import {
  presentCompute,
  presentDeployment,
  presentEndpoint,
  presentRegistry,
  presentWorkspace,
} from '../present/platform.ts'
import { presentReleasePlan } from '../present/release.ts'
import { presentRepository } from '../present/repository.ts'
import { presentSchedule } from '../present/schedule.ts'
import { presentExport, presentImport } from '../present/transfer.ts'
import type { DeploymentNoun } from './endpoint-deployments.ts'
import type { Noun } from './verbs.ts'

const assetTable = {
  Name: 'name',
  Version: 'version || "latest version"',
  Type: 'type',
  Description: 'description',
  Created: 'creation_context.created_at',
}

export const job: Noun = {
  noun: 'job',
  title: 'job',
  type: 'jobs',
  example: 'plucky_heron_4f2kb0qhzs',
  table: {
    Name: 'name',
    Status: 'status',
    Type: 'type',
    Experiment: 'experiment_name',
    DisplayName: 'display_name',
    Created: 'creation_context.created_at',
  },
  present: presentJob,
}
export const data: Noun = {
  noun: 'data',
  title: 'data asset',
  type: 'data',
  versioned: true,
  shared: true,
  example: 'taxi-data',
  table: {
    Name: 'name',
    Version: 'version || "latest version"',
    Type: 'type',
    Rows: 'facts.rows',
    Columns: 'facts.columns && length(facts.columns)',
    Size: 'facts.size',
    Origin: 'origin.kind',
    Contract: 'contract',
    Problem: 'facts.problem',
    Description: 'description',
    Created: 'creation_context.created_at',
  },
  present: presentData,
}
export const environment: Noun = {
  noun: 'environment',
  title: 'environment',
  type: 'environments',
  versioned: true,
  shared: true,
  example: 'taxi-train-env',
  table: {
    Name: 'name',
    Version: 'version || "latest version"',
    Image: 'image',
    Description: 'description',
    Created: 'creation_context.created_at',
  },
  present: presentEnvironment,
}
export const component: Noun = {
  noun: 'component',
  title: 'component',
  type: 'components',
  versioned: true,
  shared: true,
  example: 'train',
  table: assetTable,
  present: presentComponent,
}
export const model: Noun = {
  noun: 'model',
  title: 'model',
  type: 'models',
  versioned: true,
  shared: true,
  example: 'taxi-model',
  table: { ...assetTable, Job: 'job_name' },
  present: presentModel,
}
export const datastore: Noun = {
  noun: 'datastore',
  title: 'datastore',
  type: 'datastores',
  example: 'workspaceblobstore',
  table: {
    Name: 'name',
    Type: 'type',
    Where: 'container_name || filesystem || file_share_name || bucket || path',
    Default: 'is_default',
  },
  present: presentDatastore,
}
export const connection: Noun = {
  noun: 'connection',
  title: 'connection',
  type: 'connections',
  example: 'sales-db',
  table: { Name: 'name', Type: 'type', Target: 'target', Credentials: 'credentials.type' },
  present: presentConnection,
}
export const compute: Noun = {
  noun: 'compute',
  title: 'compute',
  type: 'computes',
  example: 'cpu-cluster',
  table: {
    Name: 'name',
    Type: 'type',
    Size: 'size',
    Min: 'min_instances',
    Max: 'max_instances',
    State: 'provisioning_state',
  },
  present: presentCompute,
}
export const workspace: Noun = {
  noun: 'workspace',
  title: 'workspace',
  type: 'workspaces',
  example: 'dev',
  table: { Name: 'name', ResourceGroup: 'resourceGroup', Location: 'location', DisplayName: 'display_name' },
  present: presentWorkspace,
}
export const registry: Noun = {
  noun: 'registry',
  title: 'registry',
  type: 'registries',
  example: 'shelf',
  table: { Name: 'name', ResourceGroup: 'resourceGroup', Location: 'location', Description: 'description' },
  present: presentRegistry,
}
export const endpoint: Noun = {
  noun: 'online-endpoint',
  title: 'online endpoint',
  type: 'onlineEndpoints',
  example: 'taxi-fare',
  table: { Name: 'name', State: 'provisioning_state', AuthMode: 'auth_mode', ScoringUri: 'scoring_uri' },
  present: presentEndpoint,
}
export const deployment: DeploymentNoun = {
  noun: 'online-deployment',
  title: 'online deployment',
  type: 'deployments',
  endpoints: 'onlineEndpoints',
  exampleEndpoint: 'taxi-fare',
  example: 'blue',
  table: {
    Name: 'name',
    Endpoint: 'endpoint_name',
    State: 'provisioning_state',
    Model: 'model',
    Instances: 'current_instances || instance_count',
    Runtime: 'runtime',
  },
  present: presentDeployment,
}

export const dataContract: Noun = {
  noun: 'data-contract',
  title: 'data contract',
  type: 'providers/Twinloop/dataContracts',
  example: 'flights',
  table: {
    Name: 'name',
    Data: 'data',
    Checks: 'length(checks || `[]`)',
    Latest: 'latest.version',
    Outcome: 'latest.outcome',
    Checked: 'latest.at',
  },
  present: presentContract,
}
export const batchEndpoint: Noun = {
  noun: 'batch-endpoint',
  title: 'batch endpoint',
  type: 'batchEndpoints',
  example: 'taxi-batch',
  table: {
    Name: 'name',
    Default: 'defaults.deployment_name',
    State: 'provisioning_state',
    ScoringUri: 'scoring_uri',
  },
  present: presentBatchEndpoint,
}
export const batchDeployment: DeploymentNoun = {
  noun: 'batch-deployment',
  title: 'batch deployment',
  type: 'deployments',
  endpoints: 'batchEndpoints',
  exampleEndpoint: 'taxi-batch',
  example: 'taxi-batch-dp',
  table: {
    Name: 'name',
    Endpoint: 'endpoint_name',
    Type: 'type',
    State: 'provisioning_state',
    Scores: 'model || component',
    Runtime: 'runtime',
  },
  present: presentBatchDeployment,
}
export const dataImport: Noun = {
  noun: 'data-import',
  title: 'data import',
  type: 'providers/Twinloop/dataImports',
  example: 'flights-20260131T090500-4f2k',
  table: {
    Name: 'name',
    Asset: 'asset',
    Status: 'status',
    Rows: 'progress.rows',
    Watermark: 'watermark',
    Started: 'start_time',
    Ended: 'end_time',
  },
  present: presentImport,
}
export const dataExport: Noun = {
  noun: 'data-export',
  title: 'data export',
  type: 'providers/Twinloop/dataExports',
  example: 'flights-20260131T090500-4f2k',
  table: {
    Name: 'name',
    Status: 'status',
    Rows: 'progress.rows',
    To: 'target.table || target.path',
    Mode: 'mode',
    Ended: 'end_time',
  },
  present: presentExport,
}
export const schedule: Noun = {
  noun: 'schedule',
  title: 'schedule',
  type: 'schedules',
  example: 'nightly',
  table: {
    Name: 'name',
    Enabled: 'is_enabled',
    Trigger: 'trigger.expression || trigger.frequency',
    NextRun: 'next_run',
    LastRun: 'last_run.due',
    Problem: 'last_run.error',
  },
  present: presentSchedule,
}

export const repository: Noun = {
  noun: 'repository',
  title: 'repository',
  type: 'providers/Twinloop/repositories',
  example: 'flight-delay',
  table: {
    Name: 'name',
    Url: 'url',
    Host: 'host',
    Rules: 'length(rules || `[]`)',
    ReportsBy: 'report.connection',
  },
  present: presentRepository,
}

export const releasePlan: Noun = {
  noun: 'release-plan',
  title: 'release plan',
  type: 'providers/Twinloop/releasePlans',
  example: 'flight-delay',
  table: {
    Name: 'name',
    Model: 'model',
    Stages: "join(' → ', stages[].name || `[]`)",
    LastStart: 'last_start.what',
    Created: 'creation_context.created_at',
  },
  present: presentReleasePlan,
}

export const alertRule: Noun = {
  noun: 'alert-rule',
  title: 'alert rule',
  type: 'providers/Twinloop/alertRules',
  example: 'queue-too-long',
  table: {
    Name: 'name',
    State: 'evaluation.state',
    Severity: 'evaluation.severity',
    Of: 'evaluation.subject',
    Limit: 'evaluation.limit',
    Value: 'evaluation.values[0].shown',
    Evaluated: 'evaluation.at',
    Error: 'evaluation.error',
  },
  present: presentAlertRule,
}
export const incident: Noun = {
  noun: 'incident',
  title: 'incident',
  type: 'providers/Twinloop/incidents',
  example: '12',
  table: {
    Number: 'name',
    State: 'state',
    Severity: 'severity',
    Rule: 'rule',
    What: 'summary',
    Fired: 'fired_at',
    Resolved: 'resolved_at',
    Acknowledged: 'acknowledged.by',
    Silenced: 'silenced_by',
  },
  present: presentIncident,
}
export const silence: Noun = {
  noun: 'silence',
  title: 'silence',
  type: 'providers/Twinloop/silences',
  example: 'night-works',
  table: {
    Name: 'name',
    State: 'state',
    Matchers: "join(', ', matchers)",
    Until: 'until',
    Next: 'next',
    Reason: 'reason',
    By: 'by',
  },
  present: presentSilence,
}
export const alertRouting: Noun = {
  noun: 'alert-routing',
  title: 'alert routing',
  type: 'providers/Twinloop/alertRouting',
  example: 'default',
  table: {
    Name: 'name',
    Receivers: "join(', ', receivers[].name || `[]`)",
    Alertmanagers: "join(', ', alertmanagers || `[]`)",
  },
  present: presentAlertRouting,
}
export const eventSubscription: Noun = {
  noun: 'event-subscription',
  title: 'event subscription',
  type: 'providers/Twinloop/eventSubscriptions',
  example: 'ops',
  table: {
    Name: 'name',
    State: 'state',
    To: 'destination.to',
    Types: "join(', ', filter.included_event_types || `[]`)",
    Delivered: 'delivered',
    'Dead letters': 'dead_letters',
    'Last error': 'last_error',
  },
  present: presentEventSubscription,
}
export const proposal: Noun = {
  noun: 'proposal',
  title: 'proposal',
  type: 'providers/Twinloop/changeProposals',
  example: 'queue-too-long-17-0-3fa1c2',
  table: {
    Name: 'name',
    State: 'state',
    Of: 'of',
    Reason: 'reason',
    'Decided by': 'decided_by',
    Proposed: 'proposed_at',
    Request: 'request',
  },
  present: presentProposal,
}
