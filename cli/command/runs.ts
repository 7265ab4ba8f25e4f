import { listRuns } from "../../project/list_runs.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { runsJson } from "../render/runs_json.ts";
import { runsLines } from "../render/runs_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt runs` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const scope = input.flag("all") ? "all" : "live";
  const runs = await listRuns(context.ports, { environment: input.args[0], scope });
  if (!runs.ok) return reportFailure(context, runs.error, format);
  if (format === "json") context.printer.machine(jsonText(runsJson(runs.value)));
  else context.printer.out(runsLines(runs.value, scope));
  return EXIT_CODES.ok;
}
