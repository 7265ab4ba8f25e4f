import { type Initialised, initProject } from "../../project/init_project.ts";
import type { KeyPlace } from "../../project/project_ports.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt init` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const made = await initProject(context.ports, {
    environment: input.args[0],
    name: input.text("name"),
    signingKey: input.text("signing-key"),
    secretsKey: input.text("secrets-key"),
  });
  if (!made.ok) return reportFailure(context, made.error, format);
  if (format === "json") context.printer.machine(jsonText(initJson(made.value)));
  else context.printer.out(made.value.kind === "made" ? madeLines(made.value) : restoredLines(made.value));
  return EXIT_CODES.ok;
}

function madeLines(made: Initialised & { readonly kind: "made" }): readonly Line[] {
  const { project, environment, isDefault, program, created, files } = made;
  const plan = isDefault ? `${program} plan` : `${program} plan ${environment}`;
  return [
    line(span("Initialised", "green"), ` project ${project}, environment ${environment}`),
    line(span("  first record  ", "dim"), created.firstRecord),
    line(
      span("  signing key   ", "dim"),
      `${created.keyName} ${created.keyId.slice(0, 16)}…  ${placeText(created.keyPlace)}`,
    ),
    line(span("  written       ", "dim"), files.join(", ")),
    line(),
    line("Keep smelt.toml in version control: it pins the log. Keep .smelt/keys out of it, and in a backup."),
    line(`Next: write a *.smelt file (${program} schema lists the types), then ${plan}`),
  ];
}

function placeText(place: KeyPlace): string {
  return place.kind === "file" ? place.path : `${place.name} in AWS KMS`;
}

function restoredLines({ environment, program, files }: Initialised): readonly Line[] {
  return [
    line(span("Written", "green"), `: ${files.join(", ")}`),
    line(
      `The environment "${environment}" has a log already, and was left as it is: ${program} plan ${environment}`,
    ),
  ];
}

function initJson(made: Initialised): Printable {
  const { root, project, environment, files } = made;
  const about = { root, project, environment, files: [...files] };
  if (made.kind === "restored") return about;
  const { firstRecord, keyId, keyName, keyPlace } = made.created;
  const place = keyPlace.kind === "file" ? { file: keyPlace.path } : { kms: keyPlace.name };
  return { ...about, first_record: firstRecord, key: { id: keyId, name: keyName, ...place } };
}
