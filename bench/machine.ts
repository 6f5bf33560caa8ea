import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, freemem, loadavg, release, totalmem } from 'node:os';

/** What the figures depend on besides the program. */
export interface MachineFacts {
  readonly processor: string;
  readonly nCores: number;
  readonly memoryMiB: number;
  readonly freeMemoryMiB: number;
  readonly system: string;
  readonly node: string;
  readonly chromium: string | null;
  /** Mean number of processes that wanted to run in the last 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[];
  /** Wall and processor time of a fixed piece of work. Wall well above processor time: others used the machine. */
  readonly probe: { readonly wallMs: number; readonly cpuMs: number };
}

const PROBE_BYTES = 64 * 1024 * 1024;
const MIB = 1024 * 1024;

/**
 * Take down what the machine is and how busy it is.
 *
 * @param chromiumPath asked for its version; null when no browser takes part
 */
export function machineFacts(chromiumPath: string | null): MachineFacts {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    nCores: availableParallelism(),
    memoryMiB: totalmem() / MIB,
    freeMemoryMiB: freemem() / MIB,
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.versions.node,
    chromium: chromiumPath === null ? null : versionOf(chromiumPath),
    loadAverage: loadavg(),
    probe: probe(),
  };
}

/** What the browser says of itself; what its start script says besides is of no interest. */
function versionOf(chromiumPath: string): string {
  return execFileSync(chromiumPath, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** SHA-256 of 64 MiB: the same work on every machine. */
function probe(): MachineFacts['probe'] {
  const bytes = Buffer.alloc(PROBE_BYTES, 1);
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  createHash('sha256').update(bytes).digest();
  const cpu = process.cpuUsage(cpuBefore);
  return { wallMs: performance.now() - startedAtMs, cpuMs: (cpu.user + cpu.system) / 1000 };
}

/** Write the facts as lines of text. */
export function machineText(facts: MachineFacts): string {
  const { nCores, loadAverage, probe: probed } = facts;
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const lines = [
    `${facts.processor}, ${nCores} cores, ${count(facts.memoryMiB)} MiB (${count(facts.freeMemoryMiB)} free), ${facts.system}`,
    `Node ${facts.node}, ${facts.chromium ?? 'no browser'}`,
    `Load average ${loadAverage.map((load) => load.toFixed(2)).join(', ')}; SHA-256 of 64 MiB took ${count(probed.wallMs)} ms (${count(probed.cpuMs)} ms of processor time)`,
  ];
  if ((loadAverage[0] ?? 0) > nCores / 2) {
    lines.push('The machine is busy with other things: times are longer than they would be on a quiet one.');
  }
  return lines.join('\n');
}
