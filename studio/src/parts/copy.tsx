import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from './icons.ts'
import style from './copy.module.css'

/** Copies a text; says that it did. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={`Copy ${what}`}
            className={style.button}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A command or an address on one line, with a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div className={style.command}>
      <code>{text}</code>
      <Copy text={text} what="command" />
    </div>
  )
}
