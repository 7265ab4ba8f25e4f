import { initProject } from "../../project/init_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { line, span } from "../text.ts";

/** `smelt init` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.flag("json") ? "json" : "text";
  const made = await initProject(context.ports, { environment: input.args[0], name: input.text("name") });
  if (!made.ok) return reportFailure(context, made.error, format);
  const { root, project, environment, created, files } = made.value;
  if (format === "json") {
    context.printer.machine(jsonText({
      root,
      project,
      environment,
      first_record: created.firstRecord,
      key: { id: created.keyId, name: created.keyName, file: created.keyFile },
      files: [...files],
    }));
    return EXIT_CODES.ok;
  }
  context.printer.out([
    line(span("Initialised", "green"), ` project ${project}, environment ${environment}`),
    line(span("  first record  ", "dim"), created.firstRecord),
    line(
      span("  signing key   ", "dim"),
      `${created.keyName} ${created.keyId.slice(0, 16)}…  ${created.keyFile}`,
    ),
    line(span("  written       ", "dim"), files.join(", ")),
    line(),
    line("Keep smelt.toml in version control: it pins the log. Keep .smelt/keys out of it, and in a backup."),
    line("Next: write a *.smelt file (smelt schema lists the types), then smelt plan"),
  ]);
  return EXIT_CODES.ok;
}
