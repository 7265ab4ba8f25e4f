import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { say } from "./say.ts";

/** The folder of the source. */
export const SOURCE = fileURLToPath(new URL("..", import.meta.url));

/** That the demo did not go as it must. The message says what was expected and what was found. */
export class DemoStopped extends Error {}

/** That whoever watches has ended the demo. */
export class DemoInterrupted extends Error {}

/** Where the demo plays: a project in a folder of its own, and a person who types in it. */
export interface Stage {
  /** The temporary folder, which holds the project and what smelt keeps for a user. */
  readonly folder: string;
  readonly project: string;
  /** Aborted at an interrupt from the keyboard, which the program that runs then gets as well. */
  readonly interrupted: AbortSignal;
}

/** Makes the folders. Nothing outside of them is written. */
export function openStage(): Stage {
  const folder = Deno.makeTempDirSync({ prefix: "smelt-demo-" });
  const project = join(folder, "shop");
  Deno.mkdirSync(project);
  const interrupt = new AbortController();
  Deno.addSignalListener("SIGINT", () => interrupt.abort());
  return { folder, project, interrupted: interrupt.signal };
}

/** Prints the heading of a chapter. */
export function announce(title: string): void {
  say(`\n${styled("1;36", `== ${title}`)}`);
}

/** Prints what the demo says of itself. */
export function tell(text: string): void {
  say(`\n${styled("2", `# ${text}`)}`);
}

/**
 * Shows `command` as a person types it, runs it with the shell in the project, and shows its output as it comes. Stops the
 * demo when it ends with another code than `wanted`.
 */
export async function type(stage: Stage, command: string, wanted = 0): Promise<void> {
  say(`\n${styled("1", `$ ${command}`)}`);
  // A transcript in a file or a pipe holds both streams in the order in which they came.
  const script = Deno.stdout.isTerminal() ? command : `exec 2>&1; ${command}`;
  const { code } = await new Deno.Command("/bin/sh", {
    args: ["-c", script],
    cwd: stage.project,
    env: stageVariables(stage),
    clearEnv: true,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (stage.interrupted.aborted) throw new DemoInterrupted();
  if (code !== wanted) throw new DemoStopped(`"${command}" ended with ${code}, expected ${wanted}`);
  if (code !== 0) say(styled("2", `# exit code ${code}`));
}

/** Replaces the one place of `before` in a file of the project, and shows both. */
export function edit(stage: Stage, file: string, change: readonly [before: string, after: string]): void {
  const [before, after] = change;
  const path = join(stage.project, file);
  const parts = Deno.readTextFileSync(path).split(before);
  if (parts.length !== 2) throw new DemoStopped(`"${before}" stands ${parts.length - 1} times in ${file}`);
  Deno.writeTextFileSync(path, parts.join(after));
  say(`\n${styled("1", `edit ${file}`)}`);
  say(styled("31", `  - ${before}`));
  say(styled("32", `  + ${after}`));
}

/** The runtime as a person in the project types it. */
export function runtimeName(): string {
  const path = Deno.execPath();
  return basename(path) === "deno" ? "deno" : quoted(path);
}

/** Flips the lowest bit of the last byte of the first `text` in a file of the project, and gives the file as it was. */
export function flipBit(stage: Stage, file: string, text: string): Uint8Array<ArrayBuffer> {
  const path = join(stage.project, file);
  const whole = Deno.readFileSync(path);
  const start = new TextDecoder("latin1").decode(whole).indexOf(text);
  if (start < 0) throw new DemoStopped(`"${text}" does not stand in ${file}`);
  const place = start + text.length - 1;
  Deno.writeFileSync(path, whole.map((byte, index) => index === place ? byte ^ 1 : byte));
  return whole;
}

/** Quotes for the shell, where that is needed. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The variables of whoever started the demo, without those that would lead smelt out of its folder: its own, and where a
 * task of the runtime was started, which tasks hand on. `deno` is the runtime of the demo.
 */
function stageVariables({ folder }: Stage): Record<string, string> {
  const isLeading = (name: string) => name.startsWith("SMELT_") || name === "INIT_CWD";
  const own = Object.entries(Deno.env.toObject()).filter(([name]) => !isLeading(name));
  const path = [dirname(Deno.execPath()), Deno.env.get("PATH") ?? ""].join(delimiter);
  return { ...Object.fromEntries(own), PATH: path, SMELT_STATE_HOME: join(folder, "state") };
}

function styled(style: string, text: string): string {
  const isPlain = !Deno.stdout.isTerminal() || (Deno.env.get("NO_COLOR") ?? "") !== "";
  return isPlain ? text : `\x1b[${style}m${text}\x1b[0m`;
}
