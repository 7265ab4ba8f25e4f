import { importByHand } from "../../project/import_by_hand.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";

/** `smelt import resource` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", id = "", environment] = input.args;
  const request = { address, id, environment, why: input.text("why") };
  return await runByHand(
    context,
    input,
    "asks",
    (listener) => importByHand(context.ports, request, listener),
  );
}
