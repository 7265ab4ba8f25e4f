import { strictEqual } from "node:assert/strict";
import { join } from "node:path";

/** A program and how it is started. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a process took, its children counted. */
export interface RunCost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMegabytes: number;
}

/** What a process wrote into files below its folder, and how often it made the disk keep them. */
export interface WriteCost {
  readonly bytesWritten: number;
  readonly syncCount: number;
}

/** Runs a program that must succeed. CPU and memory are what GNU `time` reports. */
export async function measureRun(start: Start): Promise<RunCost> {
  const startMs = performance.now();
  const told = await outputOf("/usr/bin/time", ["--quiet", "--format=%U %S %M", start.program], start);
  const wallMs = performance.now() - startMs;
  const [user = NaN, system = NaN, kilobytes = NaN] = (told.trimEnd().split("\n").at(-1) ?? "").split(" ")
    .map(Number);
  return { wallMs, cpuMs: (user + system) * 1_000, peakMegabytes: kilobytes * 1_024 / 1e6 };
}

const TRACED = "trace=write,pwrite64,writev,pwritev,fdatasync,fsync";
const CALL_REGEXP = /^\d+ +(\w+)\(\d+<([^>]*)>.*?(?: = (\d+)|<unfinished \.\.\.>)$/;
const END_REGEXP = /^\d+ +<\.\.\. p?writev?(?:64)? resumed>.* = (\d+)$/;

/** Runs it under `strace`, which takes its time: only what it counts is told. */
export async function measureWrites(strace: string, start: Start): Promise<WriteCost> {
  const trace = join(start.env["TMPDIR"] ?? "/tmp", `trace-${crypto.randomUUID()}`);
  const flags = [
    "-f",
    "-y",
    "-qq",
    "--seccomp-bpf",
    "-s",
    "0",
    "-e",
    "signal=none",
    "-e",
    TRACED,
    "-o",
    trace,
  ];
  await outputOf(strace, [...flags, start.program], start);
  const text = await Deno.readTextFile(trace);
  await Deno.remove(trace);
  return countWrites(text, start.cwd);
}

/** Counts what a trace tells of files below `folder`. */
export function countWrites(trace: string, folder: string): WriteCost {
  let bytesWritten = 0;
  let syncCount = 0;
  const open = new Set<string>();
  for (const line of trace.split("\n")) {
    const [thread = ""] = line.split(" ");
    const [, name = "", path = "", count] = CALL_REGEXP.exec(line) ?? [];
    const isInside = path.startsWith(`${folder}/`);
    if (isInside && name.endsWith("sync")) syncCount++;
    else if (isInside && count !== undefined) bytesWritten += Number(count);
    else if (isInside) open.add(thread);
    const [, late] = END_REGEXP.exec(line) ?? [];
    if (late !== undefined && open.delete(thread)) bytesWritten += Number(late);
  }
  return { bytesWritten, syncCount };
}

async function outputOf(program: string, args: readonly string[], start: Start): Promise<string> {
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args, ...start.args],
    cwd: start.cwd,
    clearEnv: true,
    env: start.env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const told = new TextDecoder().decode(stderr);
  strictEqual(code, 0, `${start.program} ${start.args.join(" ")} ended with ${code}: ${told.slice(-2_000)}`);
  return told;
}
