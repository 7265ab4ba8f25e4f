import { systemClock } from "../../actors/system_clock.ts";
import { runProgram } from "../../cli/program.ts";
import { reportThrown } from "../../cli/report_thrown.ts";
import type { Clock } from "../../engine/clock.ts";
import { fakeContext } from "../support/fake_context.ts";
import { portsOf, type ProjectPlace } from "./project_ports.ts";

/** What a command printed, and its exit code. */
export interface InnerRan {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line in the process of the test, over the real files of a project: what `cli.ts` does, without the start of
 * a process, so that a test can have hundreds of them. Nobody can answer a question; faults of the sim cloud come from its file.
 */
export async function runInside(
  project: ProjectPlace,
  args: readonly string[],
  clock: Clock = systemClock,
): Promise<InnerRan> {
  const fake = fakeContext("file");
  const context = { ...fake, ports: { ...portsOf(project), clock } };
  const code = await runProgram(context, args).catch((thrown: unknown) =>
    reportThrown(context, thrown, args)
  );
  return { code, stdout: fake.out.text, stderr: fake.err.text };
}

/** Runs a command inside, which must end with `code`. */
export async function expectInside(
  project: ProjectPlace,
  code: number,
  args: readonly string[],
): Promise<InnerRan> {
  const ran = await runInside(project, args);
  if (ran.code === code) return ran;
  throw new Error(`smelt ${args.join(" ")} ended with ${ran.code}, not ${code}:\n${ran.stdout}${ran.stderr}`);
}
