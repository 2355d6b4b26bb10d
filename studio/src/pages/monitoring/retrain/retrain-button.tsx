import { lazy, Suspense, useState } from 'react'
import type { MonitorSummary } from '../../../api/monitors.ts'
import { Button } from '@mantine/core'
import { IconBellBolt } from '../../../parts/icons.ts'

const RetrainDialog = lazy(async () => ({ default: (await import('./retrain-dialog.tsx')).RetrainDialog }))

/** Leads to what rules do about a monitor's findings, and does it by hand. */
export function RetrainButton({ monitor }: { readonly monitor: MonitorSummary }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<IconBellBolt size={14} />} onClick={() => setOpen(true)}>
        Retrain…
      </Button>
      {isOpen ? (
        <Suspense>
          <RetrainDialog monitor={monitor} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
