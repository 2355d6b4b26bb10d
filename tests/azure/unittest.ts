import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { TestContext } from 'node:test'
import { pythonWith } from './server.ts'

const packages = ['azure-ai-ml==1.35.2', 'azure-identity==1.27.0']

/** The interpreter that has azure-ai-ml, as it comes from PyPI. */
export const azurePython = (): Promise<string> => pythonWith('azure-ai-ml-1.35.2', packages)

/** Runs a module of tests beside this file with these variables; fails with its report if one of them does. */
export async function runUnittest(t: TestContext, module: string, env: NodeJS.ProcessEnv): Promise<void> {
  const finished = Promise.withResolvers<{ code: number | null; report: string }>()
  const options = { cwd: import.meta.dirname, env: { ...env, PYTHONDONTWRITEBYTECODE: '1' } }
  const argv = ['-W', 'ignore', '-m', 'unittest', '-v', module]
  const child = execFile(await azurePython(), argv, options, (_error, _stdout, stderr) =>
    finished.resolve({ code: child.exitCode, report: stderr }),
  )
  const { code, report } = await finished.promise
  assert.equal(code, 0, report)
  t.diagnostic(report.match(/^Ran .*$/m)?.[0] ?? '')
}
