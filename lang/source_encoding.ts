import { err, ok, type Result } from "../engine/result.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";
import { type SourceText, sourceText } from "./source_text.ts";

/** The largest file that is read: 64 MiB. */
export const SOURCE_LIMIT_BYTES = 64 * 1024 * 1024;

/** Reads the bytes of a file: UTF-8 without NUL, at most `SOURCE_LIMIT_BYTES`. */
export function decodeSource(file: string, bytes: Uint8Array): Result<SourceText, Diagnostic> {
  if (bytes.length > SOURCE_LIMIT_BYTES) return err(tooLarge(file, bytes.length));
  const text = decodeUtf8(bytes);
  if (text === undefined) return err(notUtf8(file, bytes));
  const source = sourceText(file, text);
  const nul = source.text.indexOf("\0");
  if (nul === -1) return ok(source);
  return err(diagnostic(source, { start: nul, end: nul + 1 }, {
    code: "E-ENCODING",
    message: "Cannot read the file: it holds a NUL character",
    hint: "save it as UTF-8 text",
  }));
}

/** What is said of a file of `sizeBytes`, also when only its size has been looked at. */
export function tooLarge(file: string, sizeBytes: number): Diagnostic {
  return diagnostic(sourceText(file, ""), { start: 0, end: 0 }, {
    code: "E-TOO-LARGE",
    message: `Cannot read the file: it has ${sizeBytes} bytes, the limit is ${SOURCE_LIMIT_BYTES}`,
    hint: "split it into several files",
  });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

function notUtf8(file: string, bytes: Uint8Array): Diagnostic {
  const at = firstBadByte(bytes);
  const source = sourceText(file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  // All before the bad byte is valid, so its length in UTF-16 units is the offset.
  const before = sourceText(file, decodeUtf8(bytes.subarray(0, at)) ?? "").text.length;
  return diagnostic(source, { start: before, end: before + 1 }, {
    code: "E-ENCODING",
    message: `Cannot read the file as UTF-8: byte ${at} is not valid`,
    hint: "save it as UTF-8 text",
  });
}

/** The index of the first byte that no valid text begins with, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isValidStart(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return wholeCharacters(bytes, low);
}

/** Whether `bytes` is valid text but for a last character that is not whole yet. */
function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

/** The largest length up to `length` at which a character ends. */
function wholeCharacters(bytes: Uint8Array, length: number): number {
  for (let at = length; at > Math.max(0, length - 4); at--) {
    if (decodeUtf8(bytes.subarray(0, at)) !== undefined) return at;
  }
  return Math.max(0, length - 4);
}
