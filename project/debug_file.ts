import { err, ok, type Result } from "../engine/result.ts";
import type { Value } from "../engine/value.ts";
import { hasErrors } from "../lang/diagnostic.ts";
import { parse } from "../lang/parse.ts";
import { treeJson } from "../lang/tree_json.ts";
import type { ConfigFailure } from "./desired_config.ts";
import { findProjectRoot, projectPaths } from "./project_paths.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { sensitiveNames } from "./sensitive_names.ts";
import { realRoot, takeGivenFiles } from "./source_files_find.ts";
import { fileDiagnostic, SourceReader } from "./source_files_read.ts";

/** The tree of one file. */
export interface DebuggedFile {
  /** For programs; secrets are not in it. */
  readonly tree: Value;
  /** What is wrong with the file, so that the tree holds only what is whole. */
  readonly failure: ConfigFailure | undefined;
}

/** Reads one file and gives its tree. Includes are not followed, and nothing is looked up but which names are sensitive. */
export async function debugFile(
  ports: ProjectPorts,
  path: string,
): Promise<Result<DebuggedFile, ConfigFailure>> {
  const { root } = await findProjectRoot(ports.workingFolder);
  const { files: [file], problems } = await takeGivenFiles(await realRoot(root), ports.workingFolder, [path]);
  if (file === undefined) return err(unread(problems.map(fileDiagnostic)));
  const source = await new SourceReader().read(file);
  if (!source.ok) return err(unread([source.error]));
  const { tree, diagnostics } = parse(source.value);
  const failure = hasErrors(diagnostics)
    ? {
      kind: "Config" as const,
      message: "The tree holds only what is whole: the file has errors",
      diagnostics,
      sources: new Map([[file.name, source.value]]),
    }
    : undefined;
  return ok({ tree: treeJson(tree, sensitiveNames(ports.registry(projectPaths(root)))), failure });
}

function unread(diagnostics: NonNullable<ConfigFailure["diagnostics"]>): ConfigFailure {
  return {
    kind: "Config",
    message: "There is no tree: the file cannot be read",
    diagnostics,
    sources: new Map(),
  };
}
