import { err, ok, type Result } from "../engine/result.ts";
import { formatSource } from "../lang/format_source.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { replaceFile } from "./replace_file.ts";
import { findSources } from "./source_files.ts";
import type { FoundFile } from "./source_files_find.ts";
import { SourceReader } from "./source_files_read.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { hasErrors } from "../lang/diagnostic.ts";
import { openWorkspace } from "./workspace.ts";

/** What formatting found. */
export interface Formatted {
  /** The files that are not in canonical form; written, unless only checked. */
  readonly changed: readonly ChangedFile[];
  readonly fileCount: number;
}

/** A file that is not in canonical form. */
export interface ChangedFile {
  readonly name: string;
  readonly before: SourceText;
  readonly after: SourceText;
}

/** Brings files into canonical form. All are parsed before the first is written: an error in one changes none. */
export async function formatProject(
  ports: ProjectPorts,
  files: readonly string[],
  mode: "write" | "check",
): Promise<Result<Formatted, ConfigFailure | ProjectFailure>> {
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const { root } = workspace.value.paths;
  const found = await findSources({ root, workingFolder: ports.workingFolder, given: files });
  const read = await formatAll(found.files);
  const diagnostics = [...found.diagnostics, ...read.diagnostics];
  if (hasErrors(diagnostics)) return err(failure(diagnostics, read.sources));
  const changed = read.files.filter((each) => each.text !== each.source.text);
  if (mode === "write") {
    for (const each of changed) {
      const written = await replaceFile(each.file.realPath, each.text);
      if (!written.ok) return written;
    }
  }
  return ok({ changed: changed.map(changedFile), fileCount: read.files.length });
}

function changedFile({ file: { name }, source, text }: FormattedFile): ChangedFile {
  return { name, before: source, after: sourceText(name, text) };
}

interface FormattedFile {
  readonly file: FoundFile;
  readonly source: SourceText;
  readonly text: string;
}

async function formatAll(files: readonly FoundFile[]): Promise<{
  readonly files: readonly FormattedFile[];
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const reader = new SourceReader();
  const formatted: FormattedFile[] = [];
  const sources = new Map<string, SourceText>();
  const diagnostics: Diagnostic[] = [...await reader.refuseTogether(files)];
  if (diagnostics.length > 0) return { files: formatted, sources, diagnostics };
  for (const file of files) {
    const source = await reader.read(file);
    if (!source.ok) {
      diagnostics.push(source.error);
      continue;
    }
    sources.set(file.name, source.value);
    const text = formatSource(source.value);
    if (text.ok) formatted.push({ file, source: source.value, text: text.value });
    else diagnostics.push(...text.error);
  }
  return { files: formatted, sources, diagnostics };
}

function failure(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, SourceText>,
): ConfigFailure {
  return { kind: "Config", message: "Nothing was formatted: a file has errors", diagnostics, sources };
}
