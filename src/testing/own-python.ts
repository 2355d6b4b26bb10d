import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  curatedSpecification,
  environmentKey,
  type EnvironmentSpecification,
} from '../training/environments/specification.ts'

/** Reference to the environment that `useOwnPython` provides. */
export const ownPython = 'azureml://registries/azureml/environments/sklearn-1.5/labels/latest'

/**
 * Lets an environment (`ownPython`, or another) be this machine's own Python, or another that stands already, so that
 * tests need not build one. As in any environment there is a `python`, also where the machine has a `python3` only.
 */
export function useOwnPython(
  home: string,
  specification: EnvironmentSpecification = curatedSpecification('sklearn-1.5'),
  interpreter = 'python3',
): void {
  const program = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])'
  const [installed = '', minor = ''] = execFileSync(interpreter, ['-I', '-S', '-c', program])
    .toString()
    .trim()
    .split('\n')
  const folder = join(home, 'environments', environmentKey(specification, minor))
  mkdirSync(join(folder, 'bin'), { recursive: true })
  let python = installed
  if (!existsSync(join(dirname(installed), 'python'))) {
    python = join(folder, 'bin', 'python')
    rmSync(python, { force: true })
    symlinkSync(installed, python)
  }
  writeFileSync(join(folder, 'ready.json'), JSON.stringify({ folder, python, notes: [] }))
}
