import { moveStored } from "../../project/state_by_hand.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";

/** `smelt state mv` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [from = "", to = "", environment] = input.args;
  const request = { from, to, environment, why: input.text("why") };
  return await runByHand(context, input, "asks", (listener) => moveStored(context.ports, request, listener));
}
