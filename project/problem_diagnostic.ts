import type { Origin } from "../engine/resource_config.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import type { SourceText } from "../lang/source_text.ts";

/** What is wrong with a resource, and where it was written. */
export interface FoundProblem {
  readonly code: Diagnostic["code"];
  readonly message: string;
  readonly origin: Origin;
  readonly hint?: string | undefined;
}

/** A problem of a resource as a diagnostic of the text that it was written in; of a program's text only the place is known. */
export function problemDiagnostic(
  problem: FoundProblem,
  sources: ReadonlyMap<string, SourceText>,
): Diagnostic {
  const { file, line, column } = problem.origin;
  const { code, message, hint } = problem;
  const source = sources.get(file);
  if (source === undefined) {
    const placed = {
      code,
      severity: "error",
      message,
      file,
      span: { start: 0, end: 0 },
      line,
      column,
    } as const;
    return hint === undefined ? placed : { ...placed, hint };
  }
  const start = (source.lineStarts[line - 1] ?? 0) + column - 1;
  const word = /^[\p{Alphabetic}\p{N}_.@"-]+/u.exec(source.text.slice(start, start + 200));
  const span = { start, end: start + Math.max(1, word?.[0].length ?? 1) };
  return diagnostic(source, span, { code, message, hint });
}
