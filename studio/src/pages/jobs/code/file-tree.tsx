import { IconFile, IconFolder } from '../../../parts/icons.ts'
import type { Folder } from './tree.ts'

/** A folder's own folders, which open and close, and its files. */
export function FileTree({
  folder,
  open,
  onOpen,
}: {
  readonly folder: Folder
  /** Path of the file that is shown. */
  readonly open: string | undefined
  readonly onOpen: (path: string) => void
}) {
  return (
    <ul>
      {folder.folders.map((one) => (
        <li key={one.path}>
          <details open={folder.path === '' || open?.startsWith(`${one.path}/`)}>
            <summary>
              <IconFolder size={15} aria-hidden /> {one.name}
            </summary>
            <FileTree folder={one} open={open} onOpen={onOpen} />
          </details>
        </li>
      ))}
      {folder.files.map(({ path }) => (
        <li key={path}>
          <button
            type="button"
            aria-current={path === open ? 'true' : undefined}
            onClick={() => onOpen(path)}
          >
            <IconFile size={15} aria-hidden /> {path.split('/').at(-1)}
          </button>
        </li>
      ))}
    </ul>
  )
}
