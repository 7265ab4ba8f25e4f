import { type Diagnostic, Excerpts, type SourceText } from "../project/diagnostics.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { CliContext } from "./context.ts";
import { EXIT_CODES, type ExitKind, exitKindOf } from "./exit_code.ts";
import { diagnosticLines } from "./render/diagnostic_text.ts";
import { diagnosticJson } from "./render/diagnostic_json.ts";
import { jsonText } from "./render/json_text.ts";
import { type Line, line, span } from "./text.ts";

/** Says what kept a command from its work, as text or as JSON, and gives the exit code. */
export function reportFailure(
  context: CliContext,
  failure: ProjectFailure,
  format: "text" | "json",
): number {
  const kind = exitKindOf(failure.kind);
  if (format === "json") context.printer.machine(jsonText(failureJson(failure, kind)));
  else context.printer.err(failureLines(failure));
  return EXIT_CODES[kind];
}

/** One error in words, with its hint. */
export function errorLines(message: string, hint?: string): readonly Line[] {
  return [line(span("error", "red"), `: ${message}`), ...errorHint(hint)];
}

/** Warnings of a configuration that was used all the same. */
export function reportWarnings(
  context: CliContext,
  warnings: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): void {
  const excerpts = new Excerpts();
  for (const warning of warnings) {
    context.printer.err([...diagnosticLines(warning, sources.get(warning.file), excerpts), line()]);
  }
}

function failureLines(failure: ProjectFailure): readonly Line[] {
  const excerpts = new Excerpts();
  const places = (failure.diagnostics ?? []).flatMap((each) => [
    ...diagnosticLines(each, failure.sources?.get(each.file), excerpts),
    line(),
  ]);
  const details = (failure.details ?? []).map((each) => line("  ", each));
  return [...places, ...headingLines(failure), ...details, ...errorHint(failure.hint)];
}

function headingLines({ code, message }: ProjectFailure): readonly Line[] {
  return code === undefined ? errorLines(message) : [line(span(`error[${code}]`, "red"), `: ${message}`)];
}

function errorHint(hint: string | undefined): readonly Line[] {
  return hint === undefined ? [] : [line(span("hint", "cyan"), `: ${hint}`)];
}

function failureJson(failure: ProjectFailure, kind: ExitKind): Parameters<typeof jsonText>[0] {
  return {
    error: {
      kind: failure.kind,
      code: failure.code,
      message: failure.message,
      hint: failure.hint,
      resource: failure.resource,
      details: failure.details === undefined ? undefined : [...failure.details],
      diagnostics: failure.diagnostics?.map((each) => diagnosticJson(each, failure.sources)),
    },
    exit: { code: EXIT_CODES[kind], kind },
  };
}
