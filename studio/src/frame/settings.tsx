import {
  Modal,
  SegmentedControl,
  Switch,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core'
import { changeSettings, useSettings, zoneName, type Settings } from '../parts/settings.ts'

/** What somebody likes; kept in this browser. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { zone, density, keys } = useSettings()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Modal opened onClose={onClose} title="Settings" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div style={{ display: 'grid', gap: 18 }}>
        <Choice
          label="Times"
          value={zone}
          onChange={(value) => changeSettings({ zone: value as Settings['zone'] })}
          data={[
            { value: 'local', label: `Of this machine (${zoneName('local')})` },
            { value: 'utc', label: 'UTC' },
          ]}
        />
        <Choice
          label="Theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
          data={[
            { value: 'auto', label: 'Of the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Choice
          label="Rows"
          value={density}
          onChange={(value) => changeSettings({ density: value as Settings['density'] })}
          data={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
        />
        <Switch
          checked={keys}
          onChange={(event) => changeSettings({ keys: event.currentTarget.checked })}
          label="Shortcuts of one key"
          description="Such as g then j for jobs; ? shows them all."
        />
        <p className="muted">These are kept in this browser, for whoever uses it.</p>
      </div>
    </Modal>
  )
}

function Choice({
  label,
  ...control
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly data: readonly { readonly value: string; readonly label: string }[]
}) {
  return (
    <div>
      <p style={{ fontWeight: 500, marginBottom: 4 }}>{label}</p>
      <SegmentedControl aria-label={label} {...control} data={[...control.data]} />
    </div>
  )
}
