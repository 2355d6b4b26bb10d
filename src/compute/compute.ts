import type { ProcessUsage } from './usage.ts'

/**
 * Where processes run: this machine (embedded default), later Kubernetes. Everything is addressed by an id that the
 * caller chooses, so that a caller killed between two calls can ask again; nothing depends on the caller staying alive.
 */
export interface Compute {
  /**
   * Starts the process, or finds it already started: a second `start` of the same id does nothing, whatever became
   * of the first. Throws only if the machine refuses (no such folder, no memory); a program that cannot be executed
   * is an `exited` state with a reason.
   */
  start(spec: ProcessSpec): Promise<void>
  /** What is known of the process now; `unknown` for an id that was never started or was removed. Never throws. */
  inspect(id: string): Promise<ProcessState>
  /** Resolves when the process has exited (at once if it has), by notification, not by polling. Rejects if aborted. */
  wait(id: string, signal?: AbortSignal): Promise<ProcessState>
  /**
   * Asks the whole process group to end (SIGTERM), and after `graceMs` ends it (SIGKILL), children included; with a
   * grace of 0 it is ended without being asked. Returns when the request is on record; idempotent; no error if it has
   * exited or never was.
   */
  cancel(id: string, options?: { readonly graceMs?: number }): Promise<void>
  /**
   * What the process and all that it started take now. Undefined for one that does not run, or where the system does not
   * tell. Never throws.
   */
  usage(id: string): Promise<ProcessUsage | undefined>
  /** The process's output (stdout and stderr as they came) from byte `offset`, at most `limit` bytes. */
  output(id: string, offset: number, limit?: number): Promise<{ bytes: Uint8Array; next: number }>
  /** Forgets an exited process and deletes its record. Throws if it still runs. Idempotent. */
  remove(id: string): Promise<void>
}

export interface ProcessSpec {
  /** `[A-Za-z0-9._-]`, at most 255 characters. */
  readonly id: string
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** The whole environment of the process: nothing is inherited from the server. */
  readonly env: Readonly<Record<string, string>>
  /** File that receives stdout and stderr; made with its folder. */
  readonly outputFile: string
  /**
   * A TCP socket that the process finds listening as its descriptor 3. With `from`, the id of a running process, it is
   * that one's: both take connections from it, so that when one ends no caller is refused and none is lost. Without,
   * an address that is taken makes the process `exited`, `not-executable`, with a message that says so.
   */
  readonly listen?: { readonly host: string; readonly port: number } | { readonly from: string }
  readonly limits?: {
    /** Ends the process group after this many seconds; the state's reason is then `timeout`. */
    readonly timeoutSeconds?: number
    /** Output beyond this many bytes is dropped and counted, and the log says so once. Default 256 MiB. */
    readonly outputBytes?: number
    /** Instead, the output so far becomes `{outputFile}.1` and the file begins anew. */
    readonly outputRolls?: boolean
  }
}

export type ProcessState =
  | { readonly phase: 'unknown' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'running'; readonly pid: number; readonly startedAt: Date }
  | {
      readonly phase: 'exited'
      /** Exit code, or null if a signal ended it. */
      readonly code: number | null
      readonly signal: string | null
      /** Why it ended, if not by itself: `lost` means the supervisor itself was killed or the machine restarted. */
      readonly reason?: 'timeout' | 'cancelled' | 'not-executable' | 'lost'
      readonly message?: string
      readonly startedAt?: Date
      readonly endedAt: Date
      /** What it took in all, if it ran and its supervisor lived to tell. */
      readonly took?: ProcessTotals
    }

/** What a process and all that it started took until they ended. */
export interface ProcessTotals {
  /** Time of processors. */
  readonly cpuSeconds: number
  /** The most memory that one of them held at a time. */
  readonly peakMemoryBytes: number
}
