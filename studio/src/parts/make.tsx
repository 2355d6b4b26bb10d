import { Button, Tooltip, type ButtonProps } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { parseSearch } from '../frame/search.ts'
import { useCan, usePaths } from '../frame/workspace.ts'
import { IconCopy, IconPencil, IconPlus } from './icons.ts'
import { makeKinds, type MakeKindName } from './make-kinds.ts'

/** Leads to the editor for something new of a kind; says why where one may not make it. */
export function NewButton({
  kind,
  label = `New ${makeKinds[kind].title}`,
  given = {},
  ...look
}: {
  readonly kind: MakeKindName
  readonly label?: string
  /** What is known of it already, by the path of its field: `{ endpoint_name: 'flights' }`. */
  readonly given?: Readonly<Record<string, string>>
} & Pick<ButtonProps, 'variant' | 'size'>) {
  const to = usePaths()
  const words = Object.entries(given).map(([path, value]) => [`set.${path}`, value])
  const query = words.length === 0 ? '' : `?${new URLSearchParams(words).toString()}`
  return (
    <ToEditor
      kind={kind}
      to={`${to.make(kind)}${query}`}
      label={label}
      icon={<IconPlus size={14} />}
      {...look}
    />
  )
}

/** Leads to the editor for what is at an id. */
export function EditButton({
  kind,
  id,
  label = 'Edit',
  ...look
}: { readonly kind: MakeKindName; readonly id: string; readonly label?: string } & Pick<
  ButtonProps,
  'variant' | 'size'
>) {
  const to = usePaths()
  return (
    <ToEditor
      kind={kind}
      to={to.make(kind, id)}
      scope={id}
      label={label}
      icon={<IconPencil size={14} />}
      variant="default"
      {...look}
    />
  )
}

/** Leads to the editor with a copy of what is at an id, under another name. */
export function DuplicateButton({
  kind,
  id,
  label = 'Duplicate',
}: {
  readonly kind: MakeKindName
  readonly id: string
  readonly label?: string
}) {
  const to = usePaths()
  return (
    <ToEditor
      kind={kind}
      to={`${to.make(kind)}?${new URLSearchParams({ from: id }).toString()}`}
      label={label}
      icon={<IconCopy size={14} />}
      variant="default"
    />
  )
}

function ToEditor({
  kind,
  to,
  scope,
  label,
  icon,
  ...look
}: {
  readonly kind: MakeKindName
  readonly to: string
  readonly scope?: string
  readonly label: string
  readonly icon: React.ReactNode
} & Pick<ButtonProps, 'variant' | 'size'>) {
  const may = useCan(scope)(makeKinds[kind].operation)
  const [path = '', query = ''] = to.split('?')
  if (may)
    return (
      <Button
        {...look}
        leftSection={icon}
        renderRoot={(props) => <Link {...props} to={path as '/'} search={parseSearch(query)} />}
      >
        {label}
      </Button>
    )
  return (
    <Tooltip
      label="Your roles do not allow this here; an owner of the workspace can assign one that does."
      multiline
      w={280}
    >
      <Button {...look} leftSection={icon} data-disabled aria-disabled>
        {label}
      </Button>
    </Tooltip>
  )
}
