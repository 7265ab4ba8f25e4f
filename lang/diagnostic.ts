import { lineText, positionAt, type SourceText, type Span } from "./source_text.ts";

/** The codes of what makes a file unusable. */
export const ERROR_CODES = [
  "E-SYNTAX",
  "E-STRING",
  "E-NUMBER",
  "E-ANNOTATION",
  "E-DUP-SECTION",
  "E-DUP-RESOURCE",
  "E-DUP-COMPONENT",
  "E-DUP-LAYER",
  "E-DUP-INSTANCE",
  "E-UNKNOWN-DEP",
  "E-CYCLE",
  "E-UNKNOWN-COMPONENT",
  "E-MISSING-ARG",
  "E-UNKNOWN-ARG",
  "E-ARG-TYPE",
  "E-UNRESOLVED-PARAM",
  "E-EACH-OUTSIDE",
  "E-COUNT-VALUE",
  "E-FOREACH-VALUE",
  "E-COUNT-AND-FOREACH",
  "E-EXPANSION-LIMIT",
  "E-UNKNOWN-LAYER",
  "E-UNKNOWN-VAR",
  "E-UNKNOWN-TYPE",
  "E-UNKNOWN-SECTION",
  "E-UNKNOWN-FIELD",
  "E-REQUIRED",
  "E-FIELD-TYPE",
  "E-ENUM",
  "E-BINDING",
  "E-BINDING-AMBIGUOUS",
  "E-UNKNOWN-OUTPUT",
  "E-ENV-UNSET",
  "E-SECRET",
  "E-INCLUDE",
  "E-ENCODING",
  "E-TOO-LARGE",
  "E-TOO-DEEP",
  "E-UNKNOWN-ENV",
  "E-CONFIG-KEY",
  "E-CONSTRAINT",
] as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = typeof ERROR_CODES[number];

/** The codes of what is legal and probably not meant. */
export const WARNING_CODES = [
  "W-DUP-FIELD",
  "W-NAME",
  "W-LIFECYCLE",
  "W-CONSTRAINT",
  "W-OVERRIDE-NO-MATCH",
  "W-LAYER-BASE",
  "W-LAYER-UNUSED",
  "W-INTERPOLATION",
  "W-ANNOTATION",
  "W-SECRET",
] as const;

/** One of `WARNING_CODES`. */
export type WarningCode = typeof WARNING_CODES[number];

/** What is wrong in a file, and where. Plain data. */
export interface Diagnostic {
  readonly code: ErrorCode | WarningCode;
  readonly severity: "error" | "warning";
  /** Sentence case, no full stop. */
  readonly message: string;
  readonly file: string;
  /** Offsets in the file's text. */
  readonly span: Span;
  /** Line and column of `span.start`, counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
  /** The environments that it is about, where it is not about all that were looked at. */
  readonly environments?: readonly string[];
}

/** Makes a diagnostic about `span` of `source`; an `E-` code is an error, a `W-` code a warning. */
export function diagnostic(
  source: SourceText,
  span: Span,
  found: { readonly code: Diagnostic["code"]; readonly message: string; readonly hint?: string | undefined },
): Diagnostic {
  const made: Diagnostic = {
    code: found.code,
    severity: severityOf(found.code),
    message: found.message,
    file: source.file,
    span,
    ...positionAt(source, span.start),
  };
  return found.hint === undefined ? made : { ...made, hint: found.hint };
}

/** What a code says of itself: `E-` is an error, `W-` a warning. */
export function severityOf(code: Diagnostic["code"]): Diagnostic["severity"] {
  return code.startsWith("E-") ? "error" : "warning";
}

/** Whether any of `diagnostics` is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((each) => each.severity === "error");
}

/**
 * Renders a diagnostic as plain text without colours or a last newline: code, message and place, the source line, a
 * caret below the span, the hint. `source` is the text that the diagnostic was made from.
 */
export function renderDiagnostic(source: SourceText, shown: Diagnostic): string {
  const line = lineText(source, shown.line);
  const gutter = " ".repeat(String(shown.line).length);
  const lines = [
    `${shown.severity}[${shown.code}]: ${shown.message}`,
    `${gutter}--> ${shown.file}:${shown.line}:${shown.column}`,
    `${gutter} |`,
    `${shown.line} | ${line}`.trimEnd(),
    `${gutter} | ${blankLike(line.slice(0, shown.column - 1))}${caret(shown, line)}`,
  ];
  if (shown.hint !== undefined) lines.push(`${gutter} = hint: ${shown.hint}`);
  return lines.join("\n");
}

/** Keeps tabs, so that the caret stands below its character at any tab width. */
function blankLike(text: string): string {
  return text.replace(/[^\t]/gu, " ");
}

function caret(shown: Diagnostic, line: string): string {
  const rest = line.length - (shown.column - 1);
  return "^".repeat(Math.max(1, Math.min(shown.span.end - shown.span.start, rest)));
}
