import { Button, Modal, Textarea, TextInput, Tooltip, type ButtonProps } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'

const closeButtonProps = { 'aria-label': 'Close' }

/** Tells that something was done, in a corner, for a few seconds. */
export const tell = (message: string) =>
  notifications.show({ message, color: 'brand', autoClose: 4000, closeButtonProps })
/** Tells that something was not done, and why; stays until it is closed. */
export const tellFailure = (error: Error) =>
  notifications.show({
    title: 'That did not work',
    message: error.message,
    color: 'red',
    autoClose: false,
    closeButtonProps,
  })

/** A button for what one may not do says why, instead of failing when it is pressed. */
export function Act({
  label,
  icon,
  onClick,
  allowed = true,
  reason = 'Your roles do not allow this here; an owner of the workspace can assign one that does.',
  ...look
}: {
  readonly label: string
  readonly icon?: ReactNode
  readonly onClick: () => void
  readonly allowed?: boolean
  readonly reason?: string
} & Pick<ButtonProps, 'variant' | 'color' | 'size' | 'loading'>) {
  const button = (
    <Button
      {...look}
      leftSection={icon}
      {...(allowed ? { onClick } : { 'data-disabled': true, 'aria-disabled': true })}
    >
      {label}
    </Button>
  )
  return allowed ? (
    button
  ) : (
    <Tooltip label={reason} multiline w={280}>
      {button}
    </Tooltip>
  )
}

/**
 * Asks before something is done: what it means, a comment where one is wanted, the name to type where it cannot be
 * undone. Stays open with the server's words if it fails.
 */
export function Confirm({
  title,
  children,
  verb,
  danger = false,
  comment,
  typed,
  onDone,
  onClose,
}: {
  readonly title: string
  readonly children?: ReactNode
  /** What the button says: verb and object. */
  readonly verb: string
  readonly danger?: boolean
  /** Label of the comment; `required` if there must be one. */
  readonly comment?: { readonly label: string; readonly required?: boolean }
  /** What has to be typed first. */
  readonly typed?: string
  readonly onDone: (comment: string) => Promise<unknown>
  readonly onClose: () => void
}) {
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const run = useMutation({ mutationFn: () => onDone(text.trim()), onSuccess: onClose })
  const isReady =
    (comment?.required !== true || text.trim() !== '') && (typed === undefined || name === typed)
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) run.mutate()
        }}
        style={{ display: 'flex', flexDirection: 'column', gap: 14 }}
      >
        {children}
        {comment === undefined ? null : (
          <Textarea
            label={comment.label}
            required={comment.required === true}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={2}
            data-autofocus
          />
        )}
        {typed === undefined ? null : (
          <TextInput
            label={`Type ${typed} to confirm`}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
          />
        )}
        {run.error === null ? null : (
          <p role="alert" style={{ color: 'var(--bad)', overflowWrap: 'anywhere' }}>
            {run.error.message}
          </p>
        )}
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button type="submit" color={danger ? 'red' : 'brand'} disabled={!isReady} loading={run.isPending}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
