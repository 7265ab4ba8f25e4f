import { markResource } from "../../project/mark_resource.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";

/** `smelt untaint` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [address = "", environment] = input.args;
  const request = { mark: "untaint", address, environment, why: input.text("why") } as const;
  return await runByHand(
    context,
    input,
    "asks",
    (listener) => markResource(context.ports, request, listener),
  );
}
