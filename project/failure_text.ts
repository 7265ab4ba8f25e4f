import type { Diagnostic } from "../lang/diagnostic.ts";
import type { ProjectFailure } from "./failure.ts";

/** Renders a failure as plain text for programs that print it: the message, then a line each for places, details and hint. */
export function failureText({ message, diagnostics = [], details = [], hint }: ProjectFailure): string {
  const hints = hint === undefined ? [] : [`hint: ${hint}`];
  return [message, ...diagnostics.map(diagnosticText), ...details.map((each) => `  ${each}`), ...hints].join(
    "\n",
  );
}

function diagnosticText({ code, file, line, column, message, hint }: Diagnostic): string {
  const place = `${file}:${line}:${column}: ${message} [${code}]`;
  return hint === undefined ? `  ${place}` : `  ${place}\n    hint: ${hint}`;
}
