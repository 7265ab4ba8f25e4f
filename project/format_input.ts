import { err, ok, type Result } from "../engine/result.ts";
import { formatSource } from "../lang/format_source.ts";
import { decodeSource, SOURCE_LIMIT_BYTES } from "../lang/source_encoding.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";
import { fileErrorReason } from "./_file_error.ts";
import type { ConfigFailure } from "./desired_config.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { ChangedFile } from "./format_project.ts";
import { fileDiagnostic } from "./source_files_read.ts";

/** The name of standard input in messages. */
const INPUT_NAME = "<stdin>";

/** Reads all of an input, and stops soon after `limitBytes`. */
export type ReadInput = (limitBytes: number) => Promise<Uint8Array>;

/** An input and its canonical form. */
export interface FormattedInput extends ChangedFile {
  readonly isChanged: boolean;
}

/** Brings a text that is no file, such as the one an editor holds, into canonical form. */
export async function formatInput(read: ReadInput): Promise<Result<FormattedInput, ConfigFailure>> {
  const source = await decodeInput(read);
  if (!source.ok) return err(failure([source.error]));
  const text = formatSource(source.value);
  if (!text.ok) return err(failure(text.error, source.value));
  return ok({
    name: INPUT_NAME,
    before: source.value,
    after: sourceText(INPUT_NAME, text.value),
    isChanged: text.value !== source.value.text,
  });
}

async function decodeInput(read: ReadInput): Promise<Result<SourceText, Diagnostic>> {
  try {
    return decodeSource(INPUT_NAME, await read(SOURCE_LIMIT_BYTES));
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return err(fileDiagnostic({ name: INPUT_NAME, message: `Cannot read standard input: ${reason}` }));
  }
}

function failure(diagnostics: readonly Diagnostic[], source?: SourceText): ConfigFailure {
  return {
    kind: "Config",
    message: "Nothing was formatted: the input has errors",
    diagnostics,
    sources: new Map(source === undefined ? [] : [[INPUT_NAME, source]]),
  };
}
