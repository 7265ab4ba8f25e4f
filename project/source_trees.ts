import type { Diagnostic } from "../lang/diagnostic.ts";
import { diagnostic } from "../lang/diagnostic.ts";
import { includesOf } from "../lang/include_list.ts";
import { parse } from "../lang/parse.ts";
import type { SourceText } from "../lang/source_text.ts";
import { spanOf, type SyntaxTree } from "../lang/syntax_tree.ts";
import type { ProjectPaths } from "./project_paths.ts";
import {
  discoverFiles,
  type FoundFile,
  type FoundFiles,
  realRoot,
  takeGivenFiles,
} from "./source_files_find.ts";
import { resolveInclude } from "./source_files_include.ts";
import { fileDiagnostic, SourceReader } from "./source_files_read.ts";

/** The files of a project, read and parsed. */
export interface SourceTrees {
  /** In the order in which they were read: found or given ones first, then included ones. */
  readonly trees: readonly SyntaxTree[];
  /** Every file that was read, by its name in messages. */
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Which files to read: those given, or all that lie below the root. */
export interface SourceQuery {
  readonly paths: ProjectPaths;
  readonly workingFolder: string;
  readonly given: readonly string[];
  /** Whether includes are read too. */
  readonly followsIncludes: boolean;
}

/** Finds, reads and parses the files of a project; every file once. */
export async function readSourceTrees(query: SourceQuery): Promise<SourceTrees> {
  const root = await realRoot(query.paths.root);
  const found = await findFiles(root, query);
  const reading = new Reading(root);
  for (const problem of found.problems) reading.diagnostics.push(fileDiagnostic(problem));
  for (const file of found.files) await reading.take(file);
  if (query.followsIncludes) await reading.followIncludes();
  return reading;
}

async function findFiles(root: string, query: SourceQuery): Promise<FoundFiles> {
  if (query.given.length > 0) return await takeGivenFiles(root, query.workingFolder, query.given);
  return await discoverFiles(root);
}

class Reading implements SourceTrees {
  readonly trees: SyntaxTree[] = [];
  readonly sources = new Map<string, SourceText>();
  readonly files: FoundFile[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #root: string;
  readonly #reader = new SourceReader();
  readonly #seen = new Set<string>();
  readonly #parsed: { readonly file: FoundFile; readonly tree: SyntaxTree }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  async take(file: FoundFile): Promise<void> {
    if (this.#seen.has(file.realPath)) return;
    this.#seen.add(file.realPath);
    const source = await this.#reader.read(file);
    if (!source.ok) {
      this.diagnostics.push(source.error);
      return;
    }
    const parsed = parse(source.value);
    this.files.push(file);
    this.sources.set(file.name, source.value);
    this.trees.push(parsed.tree);
    this.diagnostics.push(...parsed.diagnostics);
    this.#parsed.push({ file, tree: parsed.tree });
  }

  /** Breadth first: what is included by the files so far, then what those include. */
  async followIncludes(): Promise<void> {
    for (let index = 0; index < this.#parsed.length; index++) {
      const from = this.#parsed[index];
      for (const include of from === undefined ? [] : includesOf(from.tree)) {
        if (from === undefined) continue;
        const resolved = await resolveInclude(this.#root, from.file, include.path);
        if (resolved.ok) await this.take(resolved.value);
        else {
          const span = spanOf(from.tree, include.node);
          const found = { code: "E-INCLUDE", message: resolved.error } as const;
          this.diagnostics.push(diagnostic(from.tree.source, span, found));
        }
      }
    }
  }
}
