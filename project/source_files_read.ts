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

  /** Reads one file as text. */
  async read(file: FoundFile): Promise<Result<SourceText, Diagnostic>> {
    try {
      const { size } = await Deno.stat(file.realPath);
      if (size > SOURCE_LIMIT_BYTES) return err(tooLarge(file.name, size));
      this.#sizeBytes += size;
      if (this.#sizeBytes > this.#limitBytes) return err(this.#projectTooLarge(file.name));
      return decodeSource(file.name, await Deno.readFile(file.realPath));
    } catch (error) {
      const reason = fileErrorReason(error);
      if (reason === undefined) throw error;
      return err(fileDiagnostic({ name: file.name, message: `Cannot read "${file.name}": ${reason}` }));
    }
  }

  #projectTooLarge(name: string): Diagnostic {
    return diagnostic(sourceText(name, ""), { start: 0, end: 0 }, {
      code: "E-TOO-LARGE",
      message: `Cannot read the project: with "${name}" its files have ${this.#sizeBytes} bytes, ` +
        `the limit is ${this.#limitBytes}`,
      hint: "split it into several projects",
    });
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
