import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { Waits, type Chapter, type Stage } from '../chapters/stage.ts'

/** Who decides: whoever runs the demo wants the releases, and may therefore not approve them. */
export const approver = { name: 'ana', title: 'Ana Silva', role: 'ML Engineer' } as const

/** Makes the person who approves releases and changes. */
export const invitePeople: Chapter = async ({ twinloop, screen, home }) => {
  if (existsSync(tokenFile(home))) return
  const { name, title, role } = approver
  await twinloop.command('user', 'create', '--name', name, '--display-name', title)
  await twinloop.command('role', 'assign', '--assignee', name, '--role', role)
  const token = await twinloop.command('user', 'add-token', '--name', name, '--query', 'token', '-o', 'tsv')
  mkdirSync(storyFolder(home), { recursive: true })
  writeFileSync(tokenFile(home), token, { mode: 0o600 })
  screen.done('people', `${title} (${role}): nobody approves what they asked for themselves`)
}

/** Files that the story keeps for itself, beside those of the server. */
export const storyFolder = (home: string): string => join(home, 'story')

const tokenFile = (home: string) => join(storyFolder(home), 'ana.token')

/**
 * Has the approver decide by a command. Where nobody said that all may be approved, whoever sits at the terminal is asked
 * in their place; where nobody sits there, the story waits.
 */
export async function decide(stage: Stage, what: string, command: readonly string[]): Promise<void> {
  const { twinloop, screen, home, approvals, signal } = stage
  const typed = `twinloop ${command.join(' ')}`
  const waits = new Waits(
    `${what} waits for ${approver.title}.`,
    `TWINLOOP_TOKEN=$(cat ${tokenFile(home)}) ${typed}`,
  )
  if (approvals === 'waited for') throw waits
  if (
    approvals === 'asked for' &&
    !(await screen.confirm(` ? ${what}: does ${approver.title} approve?`, signal))
  )
    throw waits
  await twinloop.commandAs(
    readFileSync(tokenFile(home), 'utf8'),
    ...command,
    '--comment',
    'as the demo has it',
  )
}
