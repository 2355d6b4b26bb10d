import { Button, Modal } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { usePaths } from '../../../frame/workspace.ts'
import { Code } from '../../../parts/code/code.tsx'
import { Command, Copy } from '../../../parts/copy.tsx'
import { ruleYaml, type AlertAbout } from './rule-yaml.ts'

/** The rule that would tell of this, to be tried on the past and made. */
export function AlertOn({
  about,
  unless,
  onClose,
}: {
  readonly about: AlertAbout
  readonly unless: number
  readonly onClose: () => void
}) {
  const to = usePaths()
  const yaml = ruleYaml(about, unless)
  return (
    <Modal
      opened
      onClose={onClose}
      title="Alert on this"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
        <p>
          An incident opens when a window is beyond this, and closes with the first that is not. Its actions
          (who is told, retrain, roll back) go below <code>actions:</code>.
        </p>
        <div>
          <Code text={yaml} language="yaml" />
          <Copy text={yaml} what="rule" />
        </div>
        <Button
          renderRoot={(props) => (
            <Link {...props} to={to.make('alert-rule') as '/'} search={{ text: yaml } as never} />
          )}
        >
          Open in the editor
        </Button>
        <p className="muted">Or on the command line: when it would have fired, and for good.</p>
        <Command text="twinloop alert test --file rule.yml" />
        <Command text="twinloop alert-rule create --file rule.yml" />
      </div>
    </Modal>
  )
}
