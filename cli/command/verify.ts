import { type AuditCheck, type AuditReport, counted } from "../../audit/audit_report.ts";
import { verifyProject } from "../../project/verify_project.ts";
import type { CommandInput } from "../command_spec.ts";
import type { CliContext } from "../context.ts";
import { EXIT_CODES, type ExitKind } from "../exit_code.ts";
import { jsonText, type Printable } from "../render/json_text.ts";
import { reportFailure } from "../report_failure.ts";
import { type Line, line, span, type Style } from "../text.ts";

/** `smelt audit verify` and `smelt verify` */
export async function run(context: CliContext, input: CommandInput): Promise<number> {
  const format = input.format;
  const verified = await verifyProject(context.ports, input.args[0], input.text("checkpoint"));
  if (!verified.ok) return reportFailure(context, verified.error, format);
  const kind = exitKindOf(verified.value);
  if (format === "json") context.printer.machine(jsonText(reportJson(verified.value, kind)));
  else context.printer.out(reportLines(verified.value, kind));
  return EXIT_CODES[kind];
}

function exitKindOf(report: AuditReport): ExitKind {
  if (report.checks.some((check) => check.status === "failed")) return "integrity";
  return report.openIntents.length > 0 || report.deposed.length > 0 ? "inDoubt" : "ok";
}

const MARKS: Readonly<Record<AuditCheck["status"], { readonly word: string; readonly style: Style }>> = {
  ok: { word: "ok", style: "green" },
  warning: { word: "warning", style: "yellow" },
  failed: { word: "FAILED", style: "red" },
  unchecked: { word: "not checked", style: "yellow" },
};

function reportLines(report: AuditReport, kind: ExitKind): readonly Line[] {
  const wordWidth = Math.max(...report.checks.map(({ status }) => MARKS[status].word.length));
  return [
    line(
      span(`Log of ${report.environment}`, "bold"),
      `: ${recordsText(report)}`,
      span(report.stream === "" ? "" : `  ${report.stream.slice(0, 16)}…`, "dim"),
    ),
    ...report.checks.flatMap((check) => checkLines(check, wordWidth)),
    ...report.openIntents.map((each) =>
      line(
        span("  open  ", "yellow"),
        `${each.operation} of ${each.address} by run ${each.run.slice(0, 8)}`,
        each.isRunLive ? ", which is live" : ", which has ended: in doubt until smelt recover or smelt apply",
      )
    ),
    ...report.deposed.map((each) =>
      line(
        span("  left  ", "yellow"),
        `${each.id} of ${each.address}, ${each.reason}: the next apply deletes it`,
      )
    ),
    verdictLine(kind),
  ];
}

/** How much of the log there is, and up to where it is what was signed. */
function recordsText({ head, recordCount, eventCount }: AuditReport): string {
  const events = counted(eventCount, "event");
  if (recordCount === head.seq) return `${counted(recordCount, "record")}, ${events}`;
  const records = counted(recordCount, "record");
  return head.seq === 0
    ? `${records}, none of which verifies`
    : `${records}, which verify up to record ${head.seq}, ${events}`;
}

function checkLines(check: AuditCheck, wordWidth: number): readonly Line[] {
  const mark = MARKS[check.status];
  return [
    line(
      "  ",
      span(mark.word.padEnd(wordWidth), mark.style),
      span(` ${check.id.padEnd(4)}`, "dim"),
      check.title,
      span(`  ${check.detail}`, "dim"),
    ),
    ...furtherFindings(check).map((finding) => line(" ".repeat(wordWidth + 8), finding)),
  ];
}

/** The first is often the detail itself. */
function furtherFindings({ detail, findings }: AuditCheck): readonly string[] {
  return findings[0] === detail ? findings.slice(1) : findings;
}

function verdictLine(kind: ExitKind): Line {
  if (kind === "integrity") return line(span("The log is not what was signed: do not apply", "red"));
  if (kind === "inDoubt") return line(span("Nothing is damaged; something is unsettled", "yellow"));
  return line(span("The log verifies", "green"));
}

function reportJson(report: AuditReport, kind: ExitKind): Printable {
  return {
    environment: report.environment,
    stream: report.stream,
    head: { seq: report.head.seq, hash: report.head.hash },
    records: report.recordCount,
    events: report.eventCount,
    checks: report.checks.map(({ id, title, status, detail, findings }) => ({
      id,
      title,
      status,
      detail,
      findings: [...findings],
    })),
    open_intents: report.openIntents.map((each) => ({
      address: each.address,
      token: each.token,
      operation: each.operation,
      run: each.run,
      run_live: each.isRunLive,
    })),
    deposed: report.deposed.map(({ address, id, reason }) => ({ address, id, reason })),
    void_events: report.voids.length,
    exit: { code: EXIT_CODES[kind], kind },
  };
}
