import type { Command } from './define-command.ts'

/** One thing that can be typed after `twinloop`. Loaded only when it is: the list itself costs nothing. */
export interface Entry {
  readonly name: string
  readonly summary: string
  readonly group: 'server' | 'noun' | 'file' | 'hidden'
  readonly load: () => Promise<readonly Command[]>
}

/** Nouns of az ml that are not served, as people call what they stand for. */
export const absent: Readonly<Record<string, string>> = {
  'feature-store': 'feature stores',
  'feature-set': 'feature sets',
  'feature-store-entity': 'feature stores',
}

/** Every command there is. A new noun is a file in `commands/` and a line here. */
export const catalogue: readonly Entry[] = [
  {
    name: 'up',
    group: 'server',
    summary: 'Starts the server.',
    load: async () => [(await import('./commands/server/up.ts')).up],
  },
  {
    name: 'down',
    group: 'server',
    summary: 'Stops the server; jobs that run go on.',
    load: async () => [(await import('./commands/server/down.ts')).down],
  },
  {
    name: 'status',
    group: 'server',
    summary: 'Says whether the server runs, and where.',
    load: async () => [(await import('./commands/server/status.ts')).status],
  },
  {
    name: 'login',
    group: 'server',
    summary: 'Signs the command line in with a token.',
    load: async () => [(await import('./commands/server/login.ts')).login],
  },
  {
    name: 'trust',
    group: 'server',
    summary: "Says how clients trust the server's certificate.",
    load: async () => [(await import('./commands/server/trust.ts')).trust],
  },
  {
    name: 'env',
    group: 'server',
    summary: 'Prints the variables that point mlflow at this server.',
    load: async () => [(await import('./commands/server/env.ts')).env],
  },
  {
    name: 'search',
    group: 'server',
    summary: 'Finds things of the workspace by their names.',
    load: async () => [(await import('./commands/search.ts')).search],
  },
  {
    name: 'storage',
    group: 'noun',
    summary: 'What the server keeps on its disk.',
    load: async () => [(await import('./commands/storage/clean.ts')).cleanStorage],
  },
  {
    name: 'job',
    group: 'noun',
    summary: 'Command and pipeline jobs.',
    load: async () => (await import('./commands/job/commands.ts')).commands,
  },
  {
    name: 'data',
    group: 'noun',
    summary: 'Versioned data assets.',
    load: async () => (await import('./commands/assets/data.ts')).commands,
  },
  {
    name: 'data-contract',
    group: 'noun',
    summary: 'What is expected of data, checked on every version.',
    load: async () => (await import('./commands/contracts/commands.ts')).commands,
  },
  {
    name: 'data-import',
    group: 'noun',
    summary: 'Imports of databases and files into data assets.',
    load: async () => (await import('./commands/transfer/data-import.ts')).commands,
  },
  {
    name: 'data-export',
    group: 'noun',
    summary: 'Exports of data to files and databases.',
    load: async () => (await import('./commands/transfer/data-export.ts')).commands,
  },
  {
    name: 'schedule',
    group: 'noun',
    summary: 'Jobs, imports and monitors that run at given times.',
    load: async () => (await import('./commands/schedule/commands.ts')).commands,
  },
  {
    name: 'monitor',
    group: 'noun',
    summary: 'What monitors of models and data found, window by window.',
    load: async () => (await import('./commands/monitor/commands.ts')).commands,
  },
  {
    name: 'monitor-run',
    group: 'noun',
    summary: 'Single windows of monitors.',
    load: async () => (await import('./commands/monitor/runs.ts')).commands,
  },
  {
    name: 'environment',
    group: 'noun',
    summary: 'Versioned Python environments.',
    load: async () => (await import('./commands/assets/environment.ts')).commands,
  },
  {
    name: 'component',
    group: 'noun',
    summary: 'Versioned steps that pipelines are made of.',
    load: async () => (await import('./commands/assets/component.ts')).commands,
  },
  {
    name: 'model',
    group: 'noun',
    summary: 'Versioned models.',
    load: async () => (await import('./commands/assets/model.ts')).commands,
  },
  {
    name: 'compute',
    group: 'noun',
    summary: 'Where jobs run, and how many at once.',
    load: async () => (await import('./commands/platform/compute.ts')).commands,
  },
  {
    name: 'datastore',
    group: 'noun',
    summary: 'Storage that data assets lie in.',
    load: async () => (await import('./commands/platform/datastore.ts')).commands,
  },
  {
    name: 'connection',
    group: 'noun',
    summary: 'How to reach databases, buckets and feeds.',
    load: async () => (await import('./commands/platform/connection.ts')).commands,
  },
  {
    name: 'workspace',
    group: 'noun',
    summary: 'Workspaces.',
    load: async () => (await import('./commands/platform/workspace.ts')).commands,
  },
  {
    name: 'registry',
    group: 'noun',
    summary: 'Assets that workspaces share.',
    load: async () => (await import('./commands/platform/registry.ts')).commands,
  },
  {
    name: 'role',
    group: 'noun',
    summary: 'Who may do what.',
    load: async () => (await import('./commands/platform/role.ts')).commands,
  },
  {
    name: 'user',
    group: 'noun',
    summary: 'People, with their addresses.',
    load: async () => (await import('./commands/platform/user.ts')).commands,
  },
  {
    name: 'token',
    group: 'noun',
    summary: 'Your own tokens for the command line.',
    load: async () => (await import('./commands/platform/token.ts')).commands,
  },
  {
    name: 'activity-log',
    group: 'noun',
    summary: 'Who wrote what, and when.',
    load: async () => (await import('./commands/platform/activity-log.ts')).commands,
  },
  {
    name: 'notice',
    group: 'noun',
    summary: 'Mails and webhook calls, with those that failed.',
    load: async () => (await import('./commands/platform/notice.ts')).commands,
  },
  {
    name: 'service-principal',
    group: 'noun',
    summary: 'The identities of programs, with passwords.',
    load: async () => (await import('./commands/platform/service-principal.ts')).commands,
  },
  {
    name: 'repository',
    group: 'noun',
    summary: 'Git repositories: what their webhooks start, what they are told.',
    load: async () => (await import('./commands/repository/commands.ts')).commands,
  },
  {
    name: 'online-endpoint',
    group: 'noun',
    summary: 'Addresses that answer with predictions.',
    load: async () => (await import('./commands/online/endpoint.ts')).commands,
  },
  {
    name: 'online-deployment',
    group: 'noun',
    summary: 'Models that run behind an endpoint.',
    load: async () => (await import('./commands/online/deployment.ts')).commands,
  },
  {
    name: 'batch-endpoint',
    group: 'noun',
    summary: 'Names under which data is scored in bulk.',
    load: async () => (await import('./commands/batch/endpoint.ts')).commands,
  },
  {
    name: 'batch-deployment',
    group: 'noun',
    summary: 'Models and pipelines that score data in bulk.',
    load: async () => (await import('./commands/batch/deployment.ts')).commands,
  },
  {
    name: 'release-plan',
    group: 'noun',
    summary: 'How versions of a model come to production.',
    load: async () => (await import('./commands/release/plan.ts')).commands,
  },
  {
    name: 'release',
    group: 'noun',
    summary: 'Runs of a release plan: gates, approvals, delivery, rollback.',
    load: async () => (await import('./commands/release/commands.ts')).commands,
  },
  {
    name: 'alert',
    group: 'noun',
    summary: 'Alerts that fire now; rules tried on the past, and for Prometheus.',
    load: async () => (await import('./commands/alert/alert.ts')).commands,
  },
  {
    name: 'alert-rule',
    group: 'noun',
    summary: 'When to alert, and what to do then.',
    load: async () => (await import('./commands/alert/rule.ts')).commands,
  },
  {
    name: 'incident',
    group: 'noun',
    summary: 'What alerts found wrong, from when they fire until it is over.',
    load: async () => (await import('./commands/alert/incident.ts')).commands,
  },
  {
    name: 'silence',
    group: 'noun',
    summary: 'Alerts that nobody is told of for a time; maintenance windows.',
    load: async () => (await import('./commands/alert/silence.ts')).commands,
  },
  {
    name: 'alert-routing',
    group: 'noun',
    summary: 'Who is told of which alerts.',
    load: async () => (await import('./commands/alert/routing.ts')).commands,
  },
  {
    name: 'proposal',
    group: 'noun',
    summary: 'Changes to what is declared that alerts propose: approve them or not.',
    load: async () => (await import('./commands/alert/proposal.ts')).commands,
  },
  {
    name: 'event',
    group: 'noun',
    summary: 'What happened in the workspace, and what happens.',
    load: async () => (await import('./commands/event/events.ts')).commands,
  },
  {
    name: 'event-subscription',
    group: 'noun',
    summary: 'Programs outside that are told of events.',
    load: async () => (await import('./commands/event/subscription.ts')).commands,
  },
  {
    name: 'init',
    group: 'file',
    summary: 'Starts a repository: a model, its pipeline, endpoints, tests and CI/CD files.',
    load: async () => [(await import('./commands/init/init.ts')).init],
  },
  {
    name: 'schema',
    group: 'file',
    summary: 'What files may say, as JSON Schemas for editors.',
    load: async () => (await import('./commands/schema.ts')).commands,
  },
  {
    name: 'validate',
    group: 'file',
    summary: 'Checks YAML files without a server.',
    load: async () => [(await import('./commands/validate.ts')).validate],
  },
  {
    name: 'az',
    group: 'file',
    summary: 'Takes az ml lines as they stand; --shim puts it on PATH as az.',
    load: async () => [(await import('./commands/az/az.ts')).az],
  },
  {
    name: 'completion',
    group: 'file',
    summary: 'Prints a script that completes commands in bash or zsh.',
    load: async () => [(await import('./commands/completion.ts')).completion],
  },
]
