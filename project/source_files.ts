import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { includesOf } from "../lang/include_list.ts";
import { parse } from "../lang/parse.ts";
import { spanOf, type SyntaxTree } from "../lang/syntax_tree.ts";
import { refuseOutsideCiphertexts } from "./outside_ciphertexts.ts";
import { discoverFiles, type FoundFile, isInside, realRoot, takeGivenFiles } from "./source_files_find.ts";
import { resolveInclude } from "./source_files_include.ts";
import { fileDiagnostic, SourceReader } from "./source_files_read.ts";

/** Which files are asked for. */
export interface SourceRequest {
  /** The project's root. */
  readonly root: string;
  /** What the given names are relative to. */
  readonly workingFolder: string;
  /** Files named on the command line; none means all of the project. */
  readonly given: readonly string[];
}

/** The files of a project, parsed, in the order in which they are read. */
export interface ProjectSources {
  /** Of each file that could be read; with an error among the diagnostics they are not the whole project. */
  readonly trees: readonly SyntaxTree[];
  readonly diagnostics: readonly Diagnostic[];
  /** Those of them that say what could not be looked at, so that anything may stand there. */
  readonly unseen: readonly Diagnostic[];
}

/** The files that a request means, and what keeps some from being found. */
export type FoundSources = Pick<ProjectSources, "diagnostics" | "unseen"> & {
  readonly files: readonly FoundFile[];
};

/** The files that a request means, includes not followed. */
export async function findSources(request: SourceRequest): Promise<FoundSources> {
  const root = await realRoot(request.root);
  const found = request.given.length === 0
    ? await discoverFiles(root)
    : await takeGivenFiles(root, request.workingFolder, request.given);
  const unseen = found.problems.map(fileDiagnostic);
  const diagnostics = [...unseen];
  if (found.files.length === 0 && diagnostics.length === 0) {
    diagnostics.push(fileDiagnostic({
      name: ".",
      message: `No .smelt file found below "${root}"`,
      hint: 'write one, for example "main.smelt"',
    }));
  }
  return { files: found.files, diagnostics, unseen };
}

/**
 * Finds, reads and parses the files that a request means and all that they include, breadth first, each file once, so that
 * cycles are harmless. All errors are collected.
 */
export async function readSources(
  request: SourceRequest,
  reader: SourceReader = new SourceReader(),
): Promise<ProjectSources> {
  const { files, ...found } = await findSources(request);
  const loading = new Loading(await realRoot(request.root), reader, found);
  const refusals = await reader.refuseTogether(files);
  loading.noteUnseen(...refusals);
  if (refusals.length === 0) files.forEach((file) => loading.enqueue(file));
  await loading.readAll();
  return loading;
}

class Loading implements ProjectSources {
  readonly trees: SyntaxTree[] = [];
  readonly diagnostics: Diagnostic[];
  readonly unseen: Diagnostic[];
  readonly #root: string;
  readonly #reader: SourceReader;
  readonly #queue: FoundFile[] = [];
  readonly #taken = new Set<string>();

  constructor(
    root: string,
    reader: SourceReader,
    { diagnostics, unseen }: Pick<ProjectSources, "diagnostics" | "unseen">,
  ) {
    this.#root = root;
    this.#reader = reader;
    this.diagnostics = [...diagnostics];
    this.unseen = [...unseen];
  }

  noteUnseen(...diagnostics: readonly Diagnostic[]): void {
    this.diagnostics.push(...diagnostics);
    this.unseen.push(...diagnostics);
  }

  enqueue(file: FoundFile): void {
    if (this.#taken.has(file.realPath)) return;
    this.#taken.add(file.realPath);
    this.#queue.push(file);
  }

  async readAll(): Promise<void> {
    // The queue grows while it is read.
    for (let index = 0; index < this.#queue.length && !this.#reader.isFull; index++) {
      const file = this.#queue[index];
      if (file !== undefined) await this.#readOne(file);
    }
  }

  async #readOne(file: FoundFile): Promise<void> {
    const read = await this.#reader.read(file);
    if (!read.ok) {
      this.noteUnseen(read.error);
      return;
    }
    const parsed = parse(read.value);
    this.trees.push(parsed.tree);
    this.diagnostics.push(...parsed.diagnostics);
    if (!isInside(this.#root, file.realPath)) this.diagnostics.push(...refuseOutsideCiphertexts(parsed.tree));
    await this.#followIncludes(file, parsed.tree);
  }

  async #followIncludes(file: FoundFile, tree: SyntaxTree): Promise<void> {
    for (const { path, node } of includesOf(tree)) {
      const included = await resolveInclude(this.#root, file, path);
      if (included.ok) this.enqueue(included.value);
      else {
        const span = spanOf(tree, { first: node.path, last: node.path });
        this.noteUnseen(diagnostic(tree.source, span, { code: "E-INCLUDE", message: included.error }));
      }
    }
  }
}
