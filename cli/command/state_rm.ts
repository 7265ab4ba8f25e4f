import { forgetResource } from "../../project/state_by_hand.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";

/** `smelt state rm` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", environment] = input.args;
  const request = { address, environment, id: input.text("id"), why: input.text("why") };
  return await runByHand(
    context,
    input,
    "asks",
    (listener) => forgetResource(context.ports, request, listener),
  );
}
