import type { Platform } from '../platform.ts'

/** Where people elsewhere reach this server: as it was told, or else its own address. No slash at the end. */
export const publicUrl = ({ config, urls }: Pick<Platform, 'config' | 'urls'>): string =>
  [config.publicUrl, urls.http, urls.https].find((url) => url !== '') ?? ''
