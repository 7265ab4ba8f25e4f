import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { errorLines } from "../report_failure.ts";
import { reportRefusal } from "../report_refusal.ts";
import { resolveFlow } from "../resolve_flow.ts";

const PROGRAM = "kubectl";
/** How shells say that there is no such program. */
const NO_PROGRAM = 127;

/** `smelt image apply` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [first] = input.args;
  if (first !== undefined && !first.startsWith("-")) {
    const message = `Unexpected argument "${first}"`;
    const hint = "What is read is named by -f each; what kubectl is to get begins with an option, behind --";
    return reportRefusal(context, { kind: "Usage", message, hint }, "text");
  }
  // The runtime allows nothing that is not there when it starts: the two cannot be told apart.
  if (!(await context.ports.hasPermission({ kind: "run", target: PROGRAM }))) {
    const hint = `Where there is one, start with: SMELT_FLAGS="--allow-run=${PROGRAM}" ./smelt image apply`;
    const why = "is not on the PATH, or the runtime does not allow it: nothing was built";
    context.printer.err(errorLines(`Cannot apply: ${PROGRAM} ${why}`, hint));
    return NO_PROGRAM;
  }
  const resolved = await resolveFlow(context, input);
  if (!resolved.ok) return reportRefusal(context, resolved.error, "text");
  const code = await context.ports.feedProgram(
    PROGRAM,
    ["apply", "-f", "-", ...input.args],
    resolved.value.text,
  );
  if (code !== undefined) return code;
  const hint = "The images are built and sent: smelt image resolve prints what it would have got";
  context.printer.err(errorLines(`Cannot apply: there is no ${PROGRAM} on the PATH`, hint));
  return NO_PROGRAM;
}
