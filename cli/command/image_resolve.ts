import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { reportRefusal } from "../report_refusal.ts";
import { resolveFlow } from "../resolve_flow.ts";

/** `smelt image resolve` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const resolved = await resolveFlow(context, input);
  if (!resolved.ok) return reportRefusal(context, resolved.error, "text");
  context.printer.echo(resolved.value.text);
  return EXIT_CODES.ok;
}
