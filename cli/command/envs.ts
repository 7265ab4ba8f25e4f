import {
  type EnvironmentLog,
  type ListedEnvironment,
  listEnvironments,
} from "../../project/list_environments.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { environmentJson } from "../render/environment_json.ts";
import { instantText } from "../render/instant_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, line, type Span, span } from "../text.ts";

/** `smelt envs` and `smelt env list` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const listed = await listEnvironments(context.ports);
  if (!listed.ok) return reportFailure(context, listed.error, format);
  const { environments, unnamedLogs } = listed.value;
  if (format === "json") {
    context.printer.machine(jsonText({
      schema: "smelt.envs.v1",
      environments: environments.map(environmentJson),
      unnamed_logs: [...unnamedLogs],
    }));
    return EXIT_CODES.ok;
  }
  context.printer.out([
    ...alignColumns(environments.map(environmentRow)),
    ...unnamedLogs.map((name) =>
      line(span("note", "cyan"), `: .smelt/log/${name}.log is a log of no environment of smelt.toml`)
    ),
  ]);
  return EXIT_CODES.ok;
}

function environmentRow(listed: ListedEnvironment): readonly Span[] {
  const { isDefault, isProtected, layers, log, name, variables } = listed;
  const marks = [...isDefault ? ["default"] : [], ...isProtected ? ["protected"] : []].join(", ");
  return [
    span(name, "bold"),
    span(marks, isProtected ? "yellow" : "green"),
    span(logText(name, log)),
    span(log.kind === "here" ? `last record ${log.head.seq} at ${instantText(log.lastAt)}` : "", "dim"),
    span(layers.length === 0 ? "" : `layers ${layers.map((each) => each.name).join(", ")}`),
    span(variables.get("region") ?? "", "dim"),
  ];
}

/** What there is of a log, in a few words. */
function logText(name: string, log: EnvironmentLog): string {
  switch (log.kind) {
    case "none":
      return `no log yet: smelt init ${name}`;
    case "unpinned":
      return `a log that smelt.toml does not pin: smelt init ${name}`;
    case "elsewhere":
      return "its log is not on this machine";
    case "here":
      if (log.isClosed) return `ended: smelt env delete ${name}`;
      return log.resourceCount === 1 ? "1 resource" : `${log.resourceCount} resources`;
  }
}
