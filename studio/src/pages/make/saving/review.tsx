import { Button, Modal } from '@mantine/core'
import { countLines, DiffLines } from '../../../parts/code/diff-lines.tsx'
import { lineDiff } from '../../../parts/code/line-diff.ts'
import style from '../make.module.css'

/** What a change changes, line by line, before it is saved. */
export function Review({
  title,
  before,
  after,
  onSave,
  onClose,
}: {
  readonly title: string
  readonly before: string
  readonly after: string
  readonly onSave: () => void
  readonly onClose: () => void
}) {
  const lines = lineDiff(before, after)
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={`What changes in ${title}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className="muted">{countLines(lines)}</p>
      <div className={style.difference}>
        <DiffLines lines={lines} />
      </div>
      <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginTop: 14 }}>
        <Button variant="default" onClick={onClose}>
          Back
        </Button>
        <Button
          onClick={() => {
            onClose()
            onSave()
          }}
        >
          Save the change
        </Button>
      </div>
    </Modal>
  )
}
