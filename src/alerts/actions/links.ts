import { publicUrl } from '../../kernel/http/public-url.ts'
import type { Platform } from '../../kernel/platform.ts'

/** Where somebody who is signed in sees a resource. */
export const urlOf = (platform: Pick<Platform, 'config' | 'urls'>, id: string): string =>
  `${publicUrl(platform)}${id}?api-version=2025-12-01`

/** `dev` of a workspace's id. */
export const workspaceName = (workspaceId: string): string => workspaceId.split('/').at(-1) ?? ''
