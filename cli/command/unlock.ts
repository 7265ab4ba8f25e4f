import { unlockRun } from "../../project/unlock_run.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";

/** `smelt unlock` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [run = "", environment] = input.args;
  const request = { run, environment, why: input.text("why") };
  return await runByHand(context, input, "asks", (listener) => unlockRun(context.ports, request, listener));
}
