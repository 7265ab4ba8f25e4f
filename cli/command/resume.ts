import { resumeRun } from "../../project/resume_run.ts";
import { runFlow } from "../apply_flow.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";

/** `smelt resume` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [run = "", environment] = input.args;
  return await runFlow(
    context,
    input,
    (knobs, listener) => resumeRun(context.ports, { run, environment, ...knobs }, listener),
  );
}
