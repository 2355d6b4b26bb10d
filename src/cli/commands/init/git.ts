import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Makes the folder a repository whose first commit it is. Answers what came of it, as people read it. */
export async function firstCommit(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', folder, ...args], { env, timeout: 60_000 })).stdout.trim()
  try {
    await git('--version')
  } catch {
    return 'git is not on PATH: no repository was made'
  }
  const around = await git('rev-parse', '--show-toplevel').catch(() => undefined)
  if (around !== undefined) return `in the repository ${around}; nothing was committed`
  await git('init', '--quiet', '--initial-branch', 'main')
  await git('add', '--all')
  try {
    await git('commit', '--quiet', '--message', 'Scaffold the project')
    return `first commit ${await git('rev-parse', '--short', 'HEAD')} on main`
  } catch {
    return 'a repository without a commit yet: git does not know who you are (git config user.name, user.email)'
  }
}
