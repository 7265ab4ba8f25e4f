import { rotateSecrets, type Rotation } from "../../project/rotate_secrets.ts";
import { environmentsWithLog } from "../../project/secret_status.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt secrets rotate` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const [named] = input.args;
  if (named !== undefined && input.flag("all")) {
    const message = `Cannot rotate both "${named}" and all environments`;
    return reportUsage(context, { message, hint: "Leave one of them out" }, format);
  }
  const names = input.flag("all") ? await environmentsWithLog(context.ports) : undefined;
  if (names?.ok === false) return reportFailure(context, names.error, format);
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  const rotations: Rotation[] = [];
  try {
    for (const environment of names?.value ?? [named]) {
      const rotated = await rotateSecrets(context.ports, { environment, why: input.text("why") }, {
        repaired: (repairs) => void later.push(...repairLines(repairs)),
        noticed: (notice) => void later.push(...noticeLines(notice)),
        interrupts,
      });
      if (!rotated.ok) {
        context.printer.err(later);
        if (format === "text") context.printer.out(rotations.flatMap(rotationLines));
        return reportFailure(context, rotated.error, format);
      }
      rotations.push(rotated.value);
    }
    context.printer.err(later);
    return tell(context, rotations, format);
  } finally {
    interrupts.close();
  }
}

function tell(context: CliContext, rotations: readonly Rotation[], format: "text" | "json"): number {
  const kind = rotations.some(({ kept }) => kept.size > 0) ? "partial" : "ok";
  if (format === "text") context.printer.out(rotations.flatMap(rotationLines));
  else {
    const exit = { code: EXIT_CODES[kind], kind };
    context.printer.machine(
      jsonText({ schema: "smelt.rotation.v1", rotations: rotations.map(rotationJson), exit }),
    );
  }
  return EXIT_CODES[kind];
}

function rotationLines(rotation: Rotation): readonly Line[] {
  const { environment, kind, active, dropped, blobCount, ciphertextCount, files, kept } = rotation;
  const head = kind === "rotated"
    ? line(span("Rotated", "green"), ` the data key of ${environment}`)
    : line(span("Completed", "green"), ` the rotation of ${environment} that was interrupted`);
  return [
    head,
    line(span("  active     ", "dim"), active),
    ...dropped.map((key) => line(span("  destroyed  ", "dim"), key)),
    line(
      span("  encrypted  ", "dim"),
      `${count(blobCount, "secret")} of the log, ${count(ciphertextCount, "ciphertext")} in the files`,
    ),
    ...files.map((file) => line(span("  changed    ", "dim"), file)),
    ...[...kept].flatMap(([key, places]) => [
      line(
        span("  warning", "yellow"),
        `: the old key ${key} was kept, since these could not be encrypted anew:`,
      ),
      ...places.map((place) => line(`    ${place}`)),
      line(
        "  Make them anew with smelt secrets encrypt, or remove them, then run smelt secrets rotate again",
      ),
    ]),
  ];
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function rotationJson(rotation: Rotation): Printable {
  const { environment, kind, active, dropped, blobCount, ciphertextCount, files, kept } = rotation;
  return {
    environment,
    kind,
    active,
    dropped: [...dropped],
    secrets: blobCount,
    ciphertexts: ciphertextCount,
    files: [...files],
    kept: [...kept].map(([key, places]) => ({ key, places: [...places] })),
  };
}
