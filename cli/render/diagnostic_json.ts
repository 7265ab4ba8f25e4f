import type { Diagnostic } from "../../project/diagnostics.ts";
import type { Printable } from "./json_text.ts";

/** A diagnostic for scripts and editors; lines and columns count from 1, columns in UTF-16 units. */
export function diagnosticJson(shown: Diagnostic): Printable {
  const { code, severity, message, file, line, column, hint, environments } = shown;
  return {
    code,
    severity,
    message,
    file,
    line,
    column,
    hint,
    environments: environments === undefined ? undefined : [...environments],
  };
}
