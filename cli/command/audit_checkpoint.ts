import { takeCheckpoint, type TakenCheckpoint } from "../../project/take_checkpoint.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { openInterrupts } from "../interrupts.ts";
import { jsonText } from "../render/json_text.ts";
import { noticeLines } from "../render/notice_text.ts";
import { repairLines } from "../render/repair_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt audit checkpoint` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const interrupts = openInterrupts(context, (text) => context.printer.err([line(text)]));
  const later: Line[] = [];
  try {
    const request = { environment: input.args[0], why: input.text("why") };
    const taken = await takeCheckpoint(context.ports, request, {
      repaired: (repairs) => void later.push(...repairLines(repairs)),
      noticed: (notice) => void later.push(...noticeLines(notice)),
      interrupts,
    });
    context.printer.err(later);
    if (!taken.ok) return reportFailure(context, taken.error, format);
    const out = input.text("out");
    if (out !== undefined) {
      const written = await writeOutputFile(context.ports, { name: out, place: "any" }, taken.value.text);
      if (!written.ok) return reportFailure(context, written.error, format);
    }
    tell(context, taken.value, { format, out });
    return EXIT_CODES.ok;
  } finally {
    interrupts.close();
  }
}

function tell(
  context: CliContext,
  taken: TakenCheckpoint,
  { format, out }: { readonly format: "text" | "json"; readonly out: string | undefined },
): void {
  if (format === "json") return context.printer.machine(checkpointJson(taken));
  if (out === undefined) context.printer.machine(taken.text.trimEnd());
  context.printer.err([
    line(
      span("Checkpoint", "green"),
      ` of record ${taken.seq} of ${taken.environment}`,
      out === undefined ? "" : ` in ${out}`,
    ),
    line(span("  key", "dim"), `: ${taken.verifierKey}`),
    line(
      "Keep it where those who can write the store cannot: smelt audit verify --checkpoint holds the log to it",
    ),
  ]);
}

function checkpointJson(taken: TakenCheckpoint): string {
  const { environment, hash, object, root, run, seq, text, verifierKey } = taken;
  return jsonText({
    schema: "smelt.checkpoint.v1",
    environment,
    run,
    seq,
    hash,
    root,
    object,
    checkpoint: text,
    verifier_key: verifierKey,
    exit: { code: EXIT_CODES.ok, kind: "ok" },
  });
}
