/** What a build script asked to be run again for, out of what it printed. */
export interface ScriptInputs {
  /** Absolute paths. */
  readonly paths: readonly string[];
  readonly variables: readonly string[];
}

const LINE_REGEXP = /^cargo::?rerun-if-(changed|env-changed)=(.*)$/;

/** Reads what a build script printed. Relative paths are the package's own and count as known. */
export function readScriptInputs(output: string): ScriptInputs {
  const paths = new Set<string>();
  const variables = new Set<string>();
  for (const line of output.split("\n")) {
    const [, kind, value = ""] = LINE_REGEXP.exec(line.trimEnd()) ?? [];
    if (kind === "changed" && (value.startsWith("/") || value.startsWith("../"))) paths.add(value);
    if (kind === "env-changed") variables.add(value);
  }
  return { paths: [...paths], variables: [...variables] };
}
