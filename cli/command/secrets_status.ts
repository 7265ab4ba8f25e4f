import {
  type DataKeyStatus,
  environmentsWithLog,
  type SecretStatus,
  secretStatus,
} from "../../project/secret_status.ts";
import { isHere, type StoredKeyForm } from "../../project/secret_store.ts";
import { unreachable } from "../../engine/invariant.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { alignColumns, type Line, line, type Span, span } from "../text.ts";

/** `smelt secrets status` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [named] = input.args;
  const names = named === undefined ? await environmentsWithLog(context.ports) : undefined;
  if (names?.ok === false) return reportFailure(context, names.error, format);
  const found: SecretStatus[] = [];
  for (const name of names?.value ?? [named]) {
    const status = await secretStatus(context.ports, name);
    if (!status.ok) return reportFailure(context, status.error, format);
    found.push(status.value);
  }
  if (format === "json") {
    context.printer.machine(
      jsonText({
        schema: "smelt.secret_status.v1",
        environments: found.map(statusJson),
        in_clear: [...found[0]?.plain ?? []],
        variables: (found[0]?.variables ?? []).map(({ name, origin }) => ({ name, origin })),
      }),
    );
  } else context.printer.out([...found.flatMap(statusLines), ...clearLines(found[0])]);
  return EXIT_CODES.ok;
}

const MEANINGS: Readonly<Record<DataKeyStatus["standing"], string>> = {
  active: "secrets go under it",
  retiring: "smelt secrets rotate ends it",
  dropped: "it has ended",
  unknown: "no record names it",
};

function statusLines({ environment, keys, digestKey }: SecretStatus): readonly Line[] {
  return [
    line(span(environment, "bold")),
    ...alignColumns(keys.map(keyRow)),
    ...keys.flatMap(oldCiphertextLines),
    line(
      "  digest key  ",
      isHere(digestKey)
        ? formText(digestKey)
        : span(`${formText(digestKey)}: changes of secrets cannot be told`, "red"),
    ),
  ];
}

/** What the files say is the same for all environments. */
function clearLines(status: SecretStatus | undefined): readonly Line[] {
  const warning = (text: string) => line(span("warning", "yellow"), `: ${text}`);
  return [
    ...(status?.plain ?? []).map((place) =>
      warning(`a secret stands in clear at ${place}: smelt secrets encrypt makes a ciphertext of it`)
    ),
    ...(status?.variables ?? []).map(({ name, origin }) =>
      warning(
        `env("${name}") at ${origin} goes in clear into fields that are not secret: secret_env("${name}") does not`,
      )
    ),
  ];
}

function keyRow({ id, standing, form, blobCount, ciphertexts }: DataKeyStatus): readonly Span[] {
  const text = formText(form);
  const lacks = standing === "active" ? span(`${text}: no secret opens`, "red") : span(text);
  return [
    span("  data key"),
    span(id, "cyan"),
    span(standing, standing === "retiring" ? "yellow" : undefined),
    isHere(form) ? span(text) : lacks,
    span(count(blobCount, "blob")),
    span(`${count(ciphertexts.length, "ciphertext")} in the files`),
    span(`# ${MEANINGS[standing]}`, "dim"),
  ];
}

/** Whether a key is here and how it lies. */
function formText(form: StoredKeyForm): string {
  switch (form.kind) {
    case "clear":
      return "here, in clear";
    case "wrapped":
      return `here, wrapped under ${form.under}`;
    case "absent":
      return "not here";
    case "unusable":
      return "here, and not usable";
    default:
      return unreachable(form);
  }
}

function oldCiphertextLines({ id, standing, ciphertexts }: DataKeyStatus): readonly Line[] {
  if (standing === "active") return [];
  return ciphertexts.map((origin) =>
    line(span("  warning", "yellow"), `: ${origin} is under the old key ${id}`)
  );
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function statusJson({ environment, keys, digestKey }: SecretStatus): Printable {
  return {
    environment,
    digest_key: isHere(digestKey),
    digest_key_form: formJson(digestKey),
    data_keys: keys.map(({ id, standing, form, blobCount, ciphertexts }) => ({
      id,
      standing,
      here: isHere(form),
      form: formJson(form),
      blobs: blobCount,
      ciphertexts: [...ciphertexts],
    })),
  };
}

function formJson(form: StoredKeyForm): Printable {
  return form.kind === "wrapped" ? { kind: form.kind, under: form.under } : { kind: form.kind };
}
