import { err, type Result } from "../engine/result.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { decodeSource, SOURCE_LIMIT_BYTES, tooLarge } from "../lang/source_encoding.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { FileProblem, FoundFile } from "./source_files_find.ts";

/** All files of a project together: 256 MiB. */
export const PROJECT_LIMIT_BYTES = 256 * 1024 * 1024;

/** Reads files and counts their bytes; sizes are checked before anything is read. */
export class SourceReader {
  readonly #limitBytes: number;
  #sizeBytes = 0;

  constructor(limitBytes: number = PROJECT_LIMIT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Whether the limit has been passed, so that nothing more is worth reading. */
  get isFull(): boolean {
    return this.#sizeBytes > this.#limitBytes;
  }

  /** What is wrong when `files` are too much for one project, as their sizes say before any of them is read; else nothing. */
  async refuseTogether(files: readonly FoundFile[]): Promise<readonly Diagnostic[]> {
    const sizes = await Promise.all(files.map(({ realPath }) => sizeOf(realPath)));
    const alone: Diagnostic[] = [];
    let total = 0;
    for (const [index, { name }] of files.entries()) {
      const size = sizes[index] ?? 0;
      if (size > SOURCE_LIMIT_BYTES) alone.push(tooLarge(name, size));
      else total += size;
      if (total > this.#limitBytes) return [...alone, this.#projectTooLarge(name, total)];
    }
    return [];
  }

  /** Reads one file as text. */
  async read(file: FoundFile): Promise<Result<SourceText, Diagnostic>> {
    try {
      const { size } = await Deno.stat(file.realPath);
      if (size > SOURCE_LIMIT_BYTES) return err(tooLarge(file.name, size));
      this.#sizeBytes += size;
      if (this.#sizeBytes > this.#limitBytes) return err(this.#projectTooLarge(file.name, this.#sizeBytes));
      return decodeSource(file.name, await Deno.readFile(file.realPath));
    } catch (error) {
      const reason = fileErrorReason(error);
      if (reason === undefined) throw error;
      return err(fileDiagnostic({ name: file.name, message: `Cannot read "${file.name}": ${reason}` }));
    }
  }

  #projectTooLarge(name: string, sizeBytes: number): Diagnostic {
    return diagnostic(sourceText(name, ""), { start: 0, end: 0 }, {
      code: "E-TOO-LARGE",
      message: `Cannot read the project: with "${name}" its files have ${sizeBytes} bytes, ` +
        `the limit is ${this.#limitBytes}`,
      hint: "split it into several projects",
    });
  }
}

/** A file that cannot be looked at is told of when it is read. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (fileErrorReason(error) === undefined) throw error;
    return 0;
  }
}

/** Makes a diagnostic of what is wrong with a file as a whole. */
export function fileDiagnostic(problem: FileProblem): Diagnostic {
  return diagnostic(sourceText(problem.name, ""), { start: 0, end: 0 }, {
    code: "E-INCLUDE",
    message: problem.message,
    hint: problem.hint,
  });
}
