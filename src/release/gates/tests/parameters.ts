import { z } from 'zod'
import { testDeploymentSettings } from '../../test-deployment/settings.ts'
import { duration, reference } from '../parameters.ts'

const shared = {
  /** What is run in the folder of the code; pytest is told by itself to report. */
  command: z.string().trim().min(1).default('pytest -q tests/'),
  /** Code with the tests; default: that of the job which made the candidate. In YAML also a folder, which is uploaded. */
  code: reference.optional(),
  /** Default: that of the job which made the candidate, else what the model asks for. */
  environment: reference.optional(),
  /** What the tests need on top, each as pip has it. pytest is there. */
  packages: z.array(z.string().min(1)).default([]),
  /** For the tests, by `${{inputs.name}}` in the command or `AZURE_ML_INPUT_name`: data and models by reference. */
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  environment_variables: z.record(z.string(), z.string()).default({}),
  timeout: duration.default('30m'),
}

export const unitTestParameters = z.strictObject(shared)

export const integrationTestParameters = z.strictObject({
  ...shared,
  command: shared.command.default('pytest -q tests/integration/'),
  /** True: the candidate is deployed for the tests, at an endpoint of its own: TWINLOOP_ENDPOINT and TWINLOOP_ENDPOINT_TOKEN. */
  endpoint: z.boolean().default(false),
  /** How it is deployed; default: as the champion. */
  deployment: testDeploymentSettings.default({}),
})

export type TestParameters = z.infer<typeof unitTestParameters>
export type IntegrationTestParameters = z.infer<typeof integrationTestParameters>
