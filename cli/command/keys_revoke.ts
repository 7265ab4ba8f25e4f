import { revokeKey } from "../../project/revoke_key.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { runByHand } from "../hand_flow.ts";
import { reportUsage } from "../report_usage.ts";

/** `smelt keys revoke` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [key = "", environment] = input.args;
  const reason = input.text("reason");
  if (reason === undefined || reason.trim() === "") {
    return reportUsage(context, {
      message: "Say by --reason why the key is revoked: the log keeps it for ever",
    }, input.format);
  }
  const suspectFrom = input.wholeNumber("suspect-from");
  const request = { key, environment, reason, suspectFrom, why: input.text("why") };
  return await runByHand(context, input, "asks", (listener) => revokeKey(context.ports, request, listener));
}
