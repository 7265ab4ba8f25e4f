import { err, ok, type Result } from "../engine/result.ts";
import { formatSource } from "../lang/format_source.ts";
import type { SourceText } from "../lang/source_text.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";
import { readSourceTrees } from "./source_trees.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { hasErrors } from "../lang/diagnostic.ts";
import { openWorkspace } from "./workspace.ts";

/** What formatting found. */
export interface Formatted {
  /** Names of the files that are not in canonical form; written, unless only checked. */
  readonly changed: readonly string[];
  readonly fileCount: number;
}

/** Brings files into canonical form. All are parsed before the first is written: an error in one changes none. */
export async function formatProject(
  ports: ProjectPorts,
  files: readonly string[],
  mode: "write" | "check",
): Promise<Result<Formatted, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const read = await readSourceTrees({
    paths: workspace.value.paths,
    workingFolder: ports.workingFolder,
    given: files,
    followsIncludes: false,
  });
  if (hasErrors(read.diagnostics)) return err(failure(read.diagnostics, read.sources));
  const changed: { readonly path: string; readonly name: string; readonly text: string }[] = [];
  for (const file of read.files) {
    const source = read.sources.get(file.name);
    if (source === undefined) continue;
    const formatted = formatSource(source);
    if (!formatted.ok) return err(failure(formatted.error, read.sources));
    if (formatted.value !== source.text) {
      changed.push({ path: file.realPath, name: file.name, text: formatted.value });
    }
  }
  if (mode === "write") {
    for (const each of changed) {
      const written = await replaceFile(each.path, each.text);
      if (!written.ok) return written;
    }
  }
  return ok({ changed: changed.map((each) => each.name), fileCount: read.files.length });
}

function failure(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): ConfigFailure {
  return { kind: "Config", message: "Nothing was formatted: a file has errors", diagnostics, sources };
}
