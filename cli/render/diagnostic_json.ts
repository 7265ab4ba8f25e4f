import { type Diagnostic, diagnosticEnd, type SourceText } from "../../project/diagnostics.ts";
import type { Printable } from "./json_text.ts";

/**
 * A diagnostic for scripts and editors. Lines and columns count from 1, columns in UTF-16 units; the end is the place behind
 * the last character, left out when the text is not there any more.
 */
export function diagnosticJson(shown: Diagnostic, sources?: ReadonlyMap<string, SourceText>): Printable {
  const { code, severity, message, file, line, column, hint, environments } = shown;
  const source = sources?.get(file);
  const end = source === undefined ? undefined : diagnosticEnd(source, shown);
  return {
    code,
    severity,
    message,
    file,
    line,
    column,
    end_line: end?.line,
    end_column: end?.column,
    hint,
    environments: environments === undefined ? undefined : [...environments],
  };
}
