import { blobsContract } from './contracts/blobs.contract.ts'
import { foldersContract } from './contracts/folders.contract.ts'
import type { Open } from './contracts/open.ts'
import { sweepsContract } from './contracts/sweeps.contract.ts'

/** What every pairing of bytes and index must do. */
export function artifactsContract(name: string, open: Open): void {
  blobsContract(name, open)
  foldersContract(name, open)
  sweepsContract(name, open)
}
