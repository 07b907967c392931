import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/** Names one process so that it can be told whether it still lives. */
export interface ProcessIdentity {
  readonly pid: number
  readonly hostname: string
  /** Names the machine since its last start, and the process namespace (containers). */
  readonly bootId: string
  /** Differs when the pid was given to another process. `null` where the system does not tell. */
  readonly processStart: string | null
}

/** What the leases need to know of processes. */
export interface ProcessProbe {
  /** The identity of this process. */
  self(): ProcessIdentity
  /** `unknown` for processes of other machines and containers. */
  look(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown'
}

/**
 * The processes of this machine. On Linux the identity is the kernel's boot id with the number of the process
 * namespace (two containers on one machine share the boot id and not the pids), and the start time of
 * `/proc/<pid>/stat`. Elsewhere it is the host's name with the minute it was started, and no start time: a lease
 * whose pid was given to another process then waits for its expiry.
 */
export function systemProcesses(): ProcessProbe {
  const self: ProcessIdentity = {
    pid: process.pid,
    hostname: hostname(),
    bootId: bootId(),
    processStart: stat(process.pid)?.start ?? null,
  }
  return {
    self: () => self,
    look(identity) {
      if (identity.bootId !== self.bootId) return 'unknown'
      return isAlive(identity) ? 'alive' : 'dead'
    },
  }
}

function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0)
  } catch (error) {
    // EPERM: it lives, and belongs to another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const found = stat(identity.pid)
  if (found === undefined || identity.processStart === null) return true
  // A killed child that nobody waited for (a container without an init process) stays as a zombie.
  return found.start === identity.processStart && found.state !== 'Z' && found.state !== 'X'
}

function bootId(): string {
  const fallback = `${hostname()}:${Math.round((Date.now() / 1000 - uptime()) / 60)}`
  return readOr(() => {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${id}:${readlinkSync('/proc/self/ns/pid')}`
  }, fallback)
}

/** Fields 3 (state) and 22 (start time in ticks since boot); the second field may hold spaces and parentheses. */
function stat(pid: number): { readonly state: string; readonly start: string } | undefined {
  return readOr(() => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, start] = [fields[0], fields[19]]
    return state === undefined || start === undefined ? undefined : { state, start }
  }, undefined)
}

/** These files exist on Linux alone, and may be hidden there. */
function readOr<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
