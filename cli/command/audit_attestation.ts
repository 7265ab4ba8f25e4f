import { type Attestation, attestRun, verifyAttestationFile } from "../../project/attest_run.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonLine, jsonText } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

type Format = "text" | "json";

/** `smelt audit attestation` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format: Format = input.format;
  const file = input.text("verify");
  if (file === undefined) return await attest(context, input, format);
  const other = ["run", "out", "public-key"].find((name) => input.text(name) !== undefined);
  if (other === undefined) return await verify(context, { environment: input.args[0], file }, format);
  return reportUsage(
    context,
    { message: `--${other} cannot go with --verify`, hint: "--help tells more" },
    format,
  );
}

async function attest(context: CliContext, input: CommandInput, format: Format): Promise<number> {
  const { ports, printer } = context;
  const attested = await attestRun(ports, { environment: input.args[0], run: input.text("run") });
  if (!attested.ok) return reportFailure(context, attested.error, format);
  const { envelope, publicKeyPem } = attested.value;
  const out = input.text("out");
  const publicKey = input.text("public-key");
  for (const [name, text] of [[publicKey, publicKeyPem], [out, `${jsonLine(envelope)}\n`]] as const) {
    if (name === undefined) continue;
    const written = await writeOutputFile(ports, { name, place: "any" }, text);
    if (!written.ok) return reportFailure(context, written.error, format);
  }
  if (out === undefined) printer.machine(jsonLine(envelope));
  else if (format === "json") printer.machine(jsonText(writtenJson(attested.value, out)));
  else printer.err(writtenLines(attested.value, out));
  return EXIT_CODES.ok;
}

function writtenLines({ environment, run, keyId }: Attestation, out: string): readonly Line[] {
  return [line(
    span("Written", "green"),
    `: ${out}, what run ${run.slice(0, 8)} of ${environment} did, signed by `,
    span(keyId, "dim"),
  )];
}

function writtenJson({ environment, run, keyId }: Attestation, out: string) {
  return { schema: "smelt.attestation.v1", environment, run, key_id: keyId, written: out };
}

async function verify(
  context: CliContext,
  request: { readonly environment: string | undefined; readonly file: string },
  format: Format,
): Promise<number> {
  const verified = await verifyAttestationFile(context.ports, request);
  if (!verified.ok) return reportFailure(context, verified.error, format);
  const { environment, key, run } = verified.value;
  if (format === "json") {
    const signer = { key_id: key.id, key_name: key.name };
    context.printer.machine(
      jsonText({ schema: "smelt.attestation.v1", environment, run, ...signer, verifies: true }),
    );
  } else {
    context.printer.out([line(
      span("The attestation verifies", "green"),
      `: it says what the log of ${environment} says of run ${run.slice(0, 8)}, signed by "${key.name}"`,
    )]);
  }
  return EXIT_CODES.ok;
}
