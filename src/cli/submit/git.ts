import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where a job's files come from, in the properties that Azure's SDK sets; nothing if the folder is in no repository. */
export async function gitProperties(folder: string): Promise<Readonly<Record<string, string>>> {
  const git = async (...args: string[]) => {
    try {
      return (await run('git', ['-C', folder, ...args], { timeout: 5000 })).stdout.trim()
    } catch {
      return undefined
    }
  }
  const [commit, branch, url, changes] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('rev-parse', '--abbrev-ref', 'HEAD'),
    git('config', '--get', 'remote.origin.url'),
    git('status', '--porcelain', '--untracked-files=no', '.'),
  ])
  if (commit === undefined) return {}
  return Object.fromEntries(
    Object.entries({
      'mlflow.source.git.repoURL': url?.replace(/\/\/[^/@]*@/, '//'),
      'mlflow.source.git.branch': branch,
      'mlflow.source.git.commit': commit,
      'azureml.git.dirty': changes === '' ? 'False' : 'True',
    }).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
}
