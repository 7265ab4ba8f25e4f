import {
  type ComparedSide,
  type ComparedStates,
  diffEnvironments,
  type DiffRequest,
} from "../../project/diff_environments.ts";
import { parseMoment } from "../../project/log_moment.ts";
import type { FieldDifference, StateDifference } from "../../project/diff_states.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES } from "../exit_code.ts";
import { readMoment } from "../read_moment.ts";
import { instantText } from "../render/instant_text.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { momentJson } from "../render/moment_text.ts";
import { changedSpans, valueText } from "../render/value_text.ts";
import { reportFailure } from "../report_failure.ts";
import { reportUsage, type UsageFault } from "../report_usage.ts";
import { type Line, line, span } from "../text.ts";

/** `smelt diff` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const request = readRequest(input);
  if (!request.ok) return reportUsage(context, request.error, format);
  const compared = await diffEnvironments(context.ports, request.value);
  if (!compared.ok) return reportFailure(context, compared.error, format);
  if (format === "json") context.printer.machine(jsonText(comparedJson(compared.value)));
  else context.printer.out(comparedLines(compared.value));
  return EXIT_CODES.ok;
}

function readRequest(input: CommandInput): Result<DiffRequest, UsageFault> {
  const [first, second] = input.args;
  const [from, to, ...more] = input.texts("at");
  if (from === undefined) {
    if (first !== undefined && second !== undefined) {
      return ok({ kind: "environments", before: first, after: second });
    }
    return err({ message: "Cannot tell what to compare", hint: USES });
  }
  if (second !== undefined) {
    return err({ message: "Cannot compare two environments at other times", hint: USES });
  }
  if (more.length > 0) return err({ message: "Cannot compare more than two times", hint: USES });
  const before = parseMoment(from);
  if (!before.ok) return before;
  const after = readMoment(to);
  return after.ok
    ? ok({ kind: "times", environment: first, before: before.value, after: after.value })
    : after;
}

const USES =
  "Name two environments, or one and --at: smelt diff staging prod, or smelt diff prod --at 12 --at 20";

function comparedLines({ before, after, differences, incomparable }: ComparedStates): readonly Line[] {
  const sides = { onlyBefore: sideText(before), onlyAfter: sideText(after) };
  return [
    line(span("- ", "red"), sides.onlyBefore),
    line(span("+ ", "green"), sides.onlyAfter),
    ...differences.flatMap((each) => differenceLines(each, sides)),
    ...differences.length === 0 ? [line("Nothing differs")] : [],
    ...incomparable.length === 0 ? [] : [
      line(
        span("note", "cyan"),
        `: secrets of two environments cannot be compared: ${incomparable.join(", ")}`,
      ),
    ],
  ];
}

function sideText({ environment, moment }: ComparedSide): string {
  return moment === undefined
    ? `${environment} now`
    : `${environment} as of record ${moment.seq}, ${instantText(moment.at)}`;
}

function differenceLines(
  difference: StateDifference,
  sides: { readonly onlyBefore: string; readonly onlyAfter: string },
): readonly Line[] {
  const { address, kind } = difference;
  if (kind === "differs") {
    return [
      line(span("~", "yellow"), " ", span(address, "bold"), ` : ${difference.typeAfter}`),
      ...difference.changes.map(changeLine),
    ];
  }
  const mark = kind === "onlyBefore" ? span("-", "red") : span("+", "green");
  return [
    line(mark, " ", span(address, "bold"), ` : ${difference.type}`, span(`  only in ${sides[kind]}`, "dim")),
  ];
}

function changeLine({ path, before, after }: FieldDifference): Line {
  if (before === undefined || before === null) {
    return line("    ", span("+", "green"), ` ${path} = ${valueText(after)}`);
  }
  if (after === undefined || after === null) {
    return line("    ", span("-", "red"), ` ${path} = ${valueText(before)}`);
  }
  const [old, now] = changedSpans(before, after, "short");
  return line("    ", span("~", "yellow"), ` ${path} : `, ...old, " -> ", ...now);
}

const KINDS = { onlyBefore: "only_before", onlyAfter: "only_after", differs: "differs" } as const;

function comparedJson({ before, after, differences, incomparable }: ComparedStates): Printable {
  return {
    schema: "smelt.diff.v1",
    before: sideJson(before),
    after: sideJson(after),
    differences: differences.map((each) => ({
      address: each.address,
      kind: KINDS[each.kind],
      type_before: each.kind === "differs" ? each.typeBefore : each.kind === "onlyBefore" ? each.type : null,
      type_after: each.kind === "differs" ? each.typeAfter : each.kind === "onlyAfter" ? each.type : null,
      changes: each.kind === "differs"
        ? each.changes.map(({ path, before: old, after: now }) => ({
          path,
          before: old ?? null,
          after: now ?? null,
        }))
        : [],
    })),
    incomparable: [...incomparable],
  };
}

function sideJson({ environment, moment }: ComparedSide): Printable {
  return { environment, as_of: momentJson(moment) };
}
