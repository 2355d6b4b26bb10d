import { catalogue } from '../catalogue.ts'
import { commonFlags, defineCommand, spelling } from '../define-command.ts'
import type { Flags } from '../define-command.ts'
import { usage } from '../failure.ts'

const scripts: Readonly<Record<string, string>> = {
  bash: `_twinloop() {
  COMPREPLY=($(compgen -W "$(twinloop completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _twinloop twinloop
`,
  zsh: `#compdef twinloop
_twinloop() {
  local -a found
  found=(\${(f)"$(twinloop completion words -- "\${words[@]:1:CURRENT-2}" 2>/dev/null)"})
  (( \${#found} )) && compadd -a found || _files
}
compdef _twinloop twinloop
`,
}

export const completion = defineCommand({
  noun: '',
  verb: 'completion',
  summary: 'Prints a script that completes commands in bash or zsh.',
  flags: {},
  words: { placeholder: 'bash|zsh', summary: 'Your shell.', required: true },
  examples: ['eval "$(twinloop completion bash)"', 'twinloop completion zsh > ~/.zfunc/_twinloop'],
  async run({ words, io }) {
    const [shell = '', ...typed] = words
    const script = scripts[shell]
    if (script === undefined && shell !== 'words')
      throw usage(`there is no completion for ${shell}`, 'bash or zsh')
    io.stdout(script ?? (await candidates(typed)).map((word) => `${word}\n`).join(''))
    return undefined
  },
})

/** What may come after the words typed so far. */
export async function candidates([name, verb, ...rest]: readonly string[]): Promise<readonly string[]> {
  if (name === undefined) return catalogue.filter((e) => e.group !== 'hidden').map((e) => e.name)
  const commands = (await catalogue.find((e) => e.name === name)?.load()) ?? []
  const alone = commands.length === 1 && commands[0]?.noun === '' ? commands[0] : undefined
  const command = alone ?? commands.find((c) => c.verb === verb)
  if (command === undefined) return commands.map((c) => c.verb)
  const last = alone === undefined ? rest.at(-1) : [verb, ...rest].at(-1)
  const flags: Flags = { ...commonFlags, ...command.flags }
  const chosen = Object.entries(flags).find(
    ([key, flag]) => last === spelling(key) || last === `-${flag.short}`,
  )?.[1]
  if (chosen?.choices !== undefined) return chosen.choices
  if (chosen !== undefined && chosen.type !== 'switch') return []
  return Object.keys(flags).map(spelling)
}
