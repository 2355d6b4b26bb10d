import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { debianPackages } from './test-cache.ts'

/** A Chromium, and the environment that it has to be started with. */
export interface Chromium {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

const installed = [
  process.env['TWINLOOP_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/**
 * The Chromium that TWINLOOP_CHROMIUM names or that is installed; else Debian's, unpacked below TWINLOOP_TEST_CACHE with the
 * libraries that it needs, which is said, since it takes a minute the first time. Undefined where there is neither.
 */
export async function findChromium(): Promise<Chromium | undefined> {
  const executablePath = installed.find((path) => path !== undefined && existsSync(path))
  if (executablePath !== undefined) return { executablePath, env: {} }
  console.error('No Chromium is installed: that of Debian is taken, unpacked for the tests alone.')
  const folder = await debianPackages('chromium', ['chromium', 'fonts-dejavu-core']).catch(() => undefined)
  return folder === undefined ? undefined : unpacked(folder)
}

function unpacked(folder: string): Chromium {
  const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu']
  const fonts = join(folder, 'fonts.conf')
  writeFileSync(
    fonts,
    `<fontconfig><dir>${join(folder, 'usr/share/fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(folder, 'fonts')}</cachedir></fontconfig>`,
  )
  return {
    executablePath: join(folder, 'usr/lib/chromium/chromium'),
    env: {
      LD_LIBRARY_PATH: libraries
        .flatMap((path) => [join(folder, path), join(folder, path, 'pulseaudio')])
        .join(delimiter),
      FONTCONFIG_FILE: fonts,
    },
  }
}
