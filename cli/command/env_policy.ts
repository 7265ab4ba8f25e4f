import { policyText } from "../../engine/policy_text.ts";
import { readPolicy, setPolicy, type ShownPolicy } from "../../project/set_policy.ts";
import { MOST_APPROVALS } from "../../project/smelt_toml_environment.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { runByHand } from "../hand_flow.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt env policy` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const [environment] = input.args;
  const approvals = input.wholeNumber("approvals");
  if (approvals !== undefined && approvals > MOST_APPROVALS) {
    return reportUsage(context, {
      message: `Cannot use ${approvals} for --approvals: expected at most ${MOST_APPROVALS}`,
    }, input.format);
  }
  if (input.flag("protect") && input.flag("unprotect")) {
    return reportUsage(
      context,
      { message: "--protect cannot go with --unprotect" },
      input.format,
    );
  }
  const isProtected = input.flag("protect") ? true : input.flag("unprotect") ? false : undefined;
  if (approvals === undefined && isProtected === undefined) return await show(context, input);
  const request = { environment, approvals, isProtected, why: input.text("why") };
  return await runByHand(context, input, "asks", (listener) => setPolicy(context.ports, request, listener));
}

async function show(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const shown = await readPolicy(context.ports, input.args[0]);
  if (!shown.ok) return reportFailure(context, shown.error, format);
  if (format === "text") context.printer.out(policyLines(shown.value));
  else {
    const { environment, policy, logged, written, approvers } = shown.value;
    context.printer.machine(jsonText({
      schema: "smelt.policy.v1",
      environment,
      approvals: policy.approvals,
      protected: policy.isProtected,
      log: { approvals: logged.approvals, protected: logged.isProtected },
      smelt_toml: { approvals: written.approvals ?? null, protected: written.isProtected },
      approvers: [...approvers],
    }));
  }
  return EXIT_CODES.ok;
}

function policyLines({ environment, policy, logged, approvers }: ShownPolicy): readonly Line[] {
  const isLogged = logged.approvals === policy.approvals && logged.isProtected === policy.isProtected;
  return [
    line(`${environment}: ${policyText(policy)}`),
    line(span("  may approve: ", "dim"), approvers.join(", ") || "nobody"),
    ...isLogged ? [] : [line(
      span("note", "cyan"),
      `: the log asks for less than smelt.toml, so editing that file lowers it; smelt env policy ${environment} with an option puts it into the log`,
    )],
  ];
}
