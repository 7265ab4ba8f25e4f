/** Runs the steps of `setup.ts` and tells what a failed one printed. */
import { complain } from "./say.ts";

/** How a step is run, where it is not as this process is. */
export interface StepPlace {
  readonly cwd?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a step; what a failed one printed is told. */
export function runStep(program: string, args: readonly string[], place: StepPlace = {}): boolean {
  const ran = output(program, args, place);
  if (ran?.success === true) return true;
  const text = ran === undefined
    ? "there is no such program"
    : new TextDecoder().decode(ran.stderr).trimEnd();
  complain(`${program} ${args.join(" ")}: ${text}`);
  return false;
}

/** Whether a program is there and ends well; what it prints is told nobody. */
export function works(program: string, args: readonly string[]): boolean {
  return output(program, args)?.success === true;
}

/** What a program prints; `undefined` when it is not there or fails. */
export function printed(program: string, args: readonly string[]): string | undefined {
  const ran = output(program, args);
  return ran?.success === true ? new TextDecoder().decode(ran.stdout).trim() : undefined;
}

/** The text of a file, or `absent`. */
export function readOr(path: string, absent: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return absent;
    throw error;
  }
}

function output(
  program: string,
  args: readonly string[],
  { cwd = ".", env }: StepPlace = {},
): Deno.CommandOutput | undefined {
  const all = { DEBIAN_FRONTEND: "noninteractive", ...env };
  try {
    return new Deno.Command(program, { args: [...args], cwd, env: all, stdin: "null" }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
