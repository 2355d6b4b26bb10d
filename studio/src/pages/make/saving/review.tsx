import { Button, Modal } from '@mantine/core'
import { lineDiff, withContext } from './line-diff.ts'
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
  const added = lines.filter(({ sign }) => sign === '+').length
  const removed = lines.filter(({ sign }) => sign === '-').length
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={`What changes in ${title}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className="muted">
        {added} {added === 1 ? 'line' : 'lines'} added, {removed} removed
      </p>
      <div className={style.diff} tabIndex={0} role="region" aria-label="The difference, line by line">
        {withContext(lines).map((line, i) =>
          line === 'gap' ? (
            <div key={i} className={style.gap}>
              …
            </div>
          ) : (
            <div key={i} data-sign={line.sign}>
              <span aria-hidden>{line.sign}</span>
              {line.sign === ' ' ? null : (
                <span className="visually-hidden">{line.sign === '+' ? 'added: ' : 'removed: '}</span>
              )}
              {line.text}
            </div>
          ),
        )}
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
