import { alertBody } from '../../../../../../src/cli/bodies/alert.ts'
import { releasePlanBody } from '../../../../../../src/cli/bodies/release-plan.ts'
import { repositoryBody } from '../../../../../../src/cli/bodies/repository.ts'
import {
  presentAlertRouting,
  presentAlertRule,
  presentSilence,
} from '../../../../../../src/cli/present/alert.ts'
import { textOf } from '../../../../../../src/cli/present/present.ts'
import { presentReleasePlan } from '../../../../../../src/cli/present/release.ts'
import { presentRepository } from '../../../../../../src/cli/present/repository.ts'
import type {
  AlertRoutingFile,
  AlertRuleFile,
  SilenceFile,
} from '../../../../../../src/cli/yaml/shapes/alerts.ts'
import type { ReleasePlanFile } from '../../../../../../src/cli/yaml/shapes/release-plan.ts'
import type { RepositoryFile } from '../../../../../../src/cli/yaml/shapes/repository.ts'
import { documentKind, part, type DocumentKind } from './document.ts'

/** What Twinloop itself has words for: releases, alerts and who is told. */
export const ownDocuments = {
  'release-plan': documentKind<ReleasePlanFile>({
    present: presentReleasePlan,
    write: async (plan) => ({
      path: `/providers/Twinloop${part('releasePlans', plan.name ?? textOf(plan.model).replace(/^azureml:/, ''))}`,
      body: releasePlanBody(plan),
    }),
  }),
  repository: documentKind<RepositoryFile>({
    present: presentRepository,
    write: async (repository) => ({
      path: `/providers/Twinloop${part('repositories', repository.name)}`,
      body: repositoryBody(repository),
    }),
  }),
  'alert-rule': documentKind<AlertRuleFile>({
    present: presentAlertRule,
    write: async (rule) => ({
      path: `/providers/Twinloop${part('alertRules', rule.name)}`,
      body: alertBody(rule),
    }),
  }),
  'alert-routing': documentKind<AlertRoutingFile>({
    present: presentAlertRouting,
    write: async (routing) => ({
      path: `/providers/Twinloop${part('alertRouting', 'default')}`,
      body: alertBody(routing),
    }),
  }),
  silence: documentKind<SilenceFile>({
    present: presentSilence,
    write: async (silence) => ({
      path: `/providers/Twinloop${part('silences', silence.name)}`,
      body: alertBody(silence),
    }),
  }),
} satisfies Readonly<Record<string, DocumentKind>>
