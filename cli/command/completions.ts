import { nearName } from "../../engine/near_name.ts";
import type { CommandInput } from "../command_spec.ts";
import { COMMANDS } from "../command_table.ts";
import { completionScript, SHELLS } from "../completion_script.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { errorLines } from "../report_failure.ts";
import { line } from "../text.ts";

/** `smelt completions` */
export function run(context: CliContext, input: CommandInput): Promise<number> {
  const [name = ""] = input.args;
  const shell = SHELLS.find((each) => each === name);
  if (shell === undefined) {
    const near = nearName(name, SHELLS);
    const hint = near === undefined ? `One of ${SHELLS.join(", ")}` : `Did you mean "${near}"?`;
    context.printer.err(errorLines(`No completions for the shell "${name}"`, hint));
    return Promise.resolve(EXIT_CODES.usage);
  }
  context.printer.out(completionScript(shell, COMMANDS).split("\n").map((each) => line(each)));
  return Promise.resolve(EXIT_CODES.ok);
}
