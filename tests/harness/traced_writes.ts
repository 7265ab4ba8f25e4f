import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { smeltArgs, smeltEnv } from "./smelt_process.ts";
import type { TestProject } from "./test_project.ts";

/** A moment of a program, as the system saw it: a write or a sync of a file begins, or has ended well. */
export interface TracedMoment {
  readonly phase: "began" | "ended";
  readonly call: "write" | "sync";
  /** The path that the file was opened by; of a stream, what the system calls it. */
  readonly path: string;
  /** Of an open file: 1 is what the program prints, 2 what it tells beside that. */
  readonly descriptor: number;
  /** What is written; empty for a sync. */
  readonly text: string;
}

const CALLS: ReadonlyMap<string, TracedMoment["call"]> = new Map([
  ["write", "write"],
  ["pwrite64", "write"],
  ["fdatasync", "sync"],
  ["fsync", "sync"],
]);
/** Any other way to write would be missed, so it is traced too, and refused. */
const UNREAD = ["writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "sync_file_range"];
const LINE_REGEXP =
  /^(\d+) +(?:(\w+)\((\d+)<([^>]*)>(?:, "((?:[^"\\]|\\.)*)")?(.*)|<\.\.\. (\w+) resumed>(.*))$/s;
const TEXT_LIMIT = 1 << 24;

/** Runs the program under `strace`, and gives its writes and syncs in the order in which the system took them. */
export async function traceWrites(
  strace: string,
  project: TestProject,
  args: readonly string[],
): Promise<readonly TracedMoment[]> {
  const file = join(project.place.stateFolder, "trace");
  const traced = [...CALLS.keys(), ...UNREAD].join(",");
  const { code, stderr } = await new Deno.Command(strace, {
    args: [
      ...["-f", "-y", "-qq", "--seccomp-bpf", "-s", String(TEXT_LIMIT), "-o", file, "-e", `trace=${traced}`],
      ...["-e", "signal=none", Deno.execPath(), ...smeltArgs(project.place, args, {})],
    ],
    cwd: project.root,
    clearEnv: true,
    env: smeltEnv(project.place, {}),
    stdout: "piped",
    stderr: "piped",
  }).output();
  strictEqual(code, 0, new TextDecoder().decode(stderr));
  return momentsOf(await Deno.readTextFile(file));
}

/** Reads what `strace` wrote. A call that another thread's call overtakes stands in two lines. */
function momentsOf(trace: string): readonly TracedMoment[] {
  const moments: TracedMoment[] = [];
  const open = new Map<string, TracedMoment>();
  for (const line of trace.split("\n")) {
    const [, thread = "", name, descriptor, path = "", text = "", rest = "", resumed, end = ""] =
      LINE_REGEXP.exec(line) ?? [];
    const result = resumed === undefined ? rest : end;
    if (name !== undefined) {
      const call = CALLS.get(name);
      ok(call !== undefined || !path.includes("/.smelt/"), `A call that is not read changes a log: ${line}`);
      if (call === undefined) continue;
      const began: TracedMoment = {
        phase: "began",
        call,
        path,
        descriptor: Number(descriptor),
        text: unescaped(text),
      };
      moments.push(began);
      open.set(thread, began);
    }
    const began = open.get(thread);
    if (began === undefined || !/ = \d+$/.test(result)) continue;
    moments.push({ ...began, phase: "ended" });
    open.delete(thread);
  }
  return moments;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([["n", "\n"], ["t", "\t"], ["r", "\r"], ["f", "\f"], [
  "v",
  "\v",
]]);

function unescaped(text: string): string {
  return text.replace(
    /\\([0-7]{1,3}|.)/gs,
    (_, code: string) =>
      /^[0-7]/.test(code) ? String.fromCharCode(parseInt(code, 8)) : ESCAPES.get(code) ?? code,
  );
}
