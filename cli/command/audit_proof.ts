import type { ProofSubject } from "../../project/notary.ts";
import { prove } from "../../project/prove.ts";
import { writeOutputFile } from "../../project/write_output_file.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { noticeLines } from "../render/notice_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt audit proof` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const asked = askedProof(input);
  if (asked === undefined) {
    return reportUsage(context, {
      message: "Name one thing to prove: an address, a record by --record, or growth by --since",
    }, input.format);
  }
  const later: Line[] = [];
  const request = { ...asked, checkpoint: input.text("checkpoint") };
  const proven = await prove(context.ports, request, (notice) => void later.push(...noticeLines(notice)));
  context.printer.err(later);
  if (!proven.ok) return reportFailure(context, proven.error, "text");
  const { seq, text } = proven.value;
  const out = input.text("out");
  if (out === undefined) {
    context.printer.machine(text.trimEnd());
    return EXIT_CODES.ok;
  }
  const written = await writeOutputFile(context.ports, { name: out, place: "any" }, text);
  if (!written.ok) return reportFailure(context, written.error, "text");
  context.printer.err([line(span("Proof", "green"), ` under a checkpoint of record ${seq} in ${out}`)]);
  return EXIT_CODES.ok;
}

/** With `--record` or `--since` the only word is the environment. */
function askedProof(
  input: CommandInput,
): { readonly subject: ProofSubject; readonly environment: string | undefined } | undefined {
  const [first, second] = input.args;
  const [seq, since] = [input.wholeNumber("record"), input.wholeNumber("since")];
  if (seq === undefined && since === undefined) {
    return first === undefined
      ? undefined
      : { subject: { kind: "state", address: first }, environment: second };
  }
  if (second !== undefined) return undefined;
  if (seq === undefined) return { subject: { kind: "growth", since: since ?? 0 }, environment: first };
  return since === undefined ? { subject: { kind: "record", seq }, environment: first } : undefined;
}
