import { fileURLToPath } from "node:url";

/** Flag of the runtime that has a program say at its end how much memory it held at most. */
export const PRELOAD_PEAK = `--preload=${fileURLToPath(new URL("./tell_peak.ts", import.meta.url))}`;

/** What the program said, in bytes. */
export function peakBytes(stderr: string): number {
  const [, kibibytes] = /^peak memory (\d+) KiB$/m.exec(stderr) ?? [];
  if (kibibytes === undefined) throw new Error(`The program says nothing of its memory: ${stderr}`);
  return Number(kibibytes) * 1024;
}
