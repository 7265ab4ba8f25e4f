import { projectGraph } from "../../project/project_graph.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { graphDot } from "../render/graph_dot.ts";
import { graphJson } from "../render/graph_json.ts";
import { graphLines } from "../render/graph_text.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";

/** `smelt graph` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const graph = await projectGraph(context.ports, input.args);
  if (!graph.ok) return reportFailure(context, graph.error, input.format);
  if (input.flag("json")) context.printer.machine(jsonText(graphJson(graph.value)));
  else if (input.flag("dot")) context.printer.out(graphDot(graph.value));
  else context.printer.out(graphLines(graph.value));
  return EXIT_CODES.ok;
}
