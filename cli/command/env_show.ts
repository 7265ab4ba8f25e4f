import { findEnvironment, type ListedEnvironment } from "../../project/list_environments.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { environmentJson, ownVariables } from "../render/environment_json.ts";
import { instantText } from "../render/instant_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt env show` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const found = await findEnvironment(context.ports, input.args[0]);
  if (!found.ok) return reportFailure(context, found.error, format);
  if (format === "json") {
    context.printer.machine(jsonText({ schema: "smelt.env.v1", ...environmentJson(found.value) }));
  } else context.printer.out(environmentLines(found.value));
  return EXIT_CODES.ok;
}

function environmentLines(listed: ListedEnvironment): readonly Line[] {
  const { approvals, checkpoint, firstRecord, isProtected, layers, log, pin, variables } = listed;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["default", listed.isDefault ? "yes" : undefined],
    ["protected", isProtected ? "yes: changing it takes its name" : undefined],
    ["approvals", approvals === undefined || approvals === 0 ? undefined : `${approvals}, of a saved plan`],
    ["layers", layers.length === 0 ? undefined : layers.map((each) => each.name).join(", ")],
    ["region", variables.get("region")],
    ["project id", variables.get("project_id")],
    ["first record", firstRecord ?? "none: it has not been initialised"],
    ["pin", pin === undefined ? undefined : `record ${pin.seq} ${pin.hash}`],
    ["checkpoint", checkpoint?.file],
    ...logFacts(log),
  ];
  const variableLines = ownVariables(listed).map(([name, value]) =>
    line(`    ${name} = ${JSON.stringify(value)}`)
  );
  return [
    line(span(listed.name, "bold")),
    ...facts.flatMap(([name, text]) =>
      text === undefined ? [] : [line("  ", span(`${name}: `, "dim"), text)]
    ),
    ...variableLines.length === 0 ? [] : [line(span("  variables", "dim")), ...variableLines],
  ];
}

function logFacts(log: ListedEnvironment["log"]): readonly (readonly [string, string])[] {
  switch (log.kind) {
    case "none":
      return [];
    case "unpinned":
      return [["log", "there is one, and smelt.toml names no record of it"]];
    case "elsewhere":
      return [["log", "not on this machine"]];
    case "here":
      return [
        [
          "log",
          log.isClosed
            ? "ended"
            : log.resourceCount === 1
            ? "holds 1 resource"
            : `holds ${log.resourceCount} resources`,
        ],
        ["last record", `${log.head.seq} at ${instantText(log.lastAt)}`],
        ["head", log.head.hash],
      ];
  }
}
