import { decryptFromSource } from "../../project/source_secret.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { jsonText } from "../render/json_text.ts";
import { runRevealing } from "../reveal_flow.ts";
import { readSecretInput } from "../secret_input.ts";

/** `smelt secrets decrypt` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [place = "", environment] = input.args;
  return await runRevealing(context, input, {
    format,
    async reveal(listener) {
      const read = await readSecretInput(context, `The ciphertext of ${place}: `);
      if (!read.ok) return read;
      return await decryptFromSource(
        context.ports,
        { environment, place, text: read.value.trim() },
        listener,
      );
    },
    textOf: (text) =>
      format === "json" ? `${jsonText({ schema: "smelt.secret.v1", place, text })}\n` : `${text}\n`,
  });
}
