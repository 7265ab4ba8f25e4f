import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";

/** What stands in a document for an image that is still to be built: `image://PATH[?bin=NAME]`. */
export interface ImageUri {
  /** As it was written, without the scheme. */
  readonly path: string;
  readonly bin: string | undefined;
}

/** What an image that is still to be built begins with; the second is what documents written for krust have. */
export const IMAGE_SCHEMES: readonly string[] = ["image://", "krust://"];

const PARAMETERS: readonly string[] = ["bin"];
const BIN_REGEXP = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a text says that it is one. */
export function isImageUri(text: string): boolean {
  return IMAGE_SCHEMES.some((scheme) => text.startsWith(scheme));
}

/** Reads a text that says that it is one; the error is the end of a sentence. */
export function parseImageUri(text: string): Result<ImageUri, string> {
  const rest = text.slice(IMAGE_SCHEMES.find((scheme) => text.startsWith(scheme))?.length ?? 0);
  const mark = rest.indexOf("?");
  const path = mark < 0 ? rest : rest.slice(0, mark);
  if (path.trim() === "") return err("it names no path, wanted image://PATH");
  if (/\p{Cc}/u.test(path)) return err("its path holds a control character");
  return mark < 0 ? ok({ path, bin: undefined }) : withParameters(path, rest.slice(mark + 1));
}

function withParameters(path: string, text: string): Result<ImageUri, string> {
  let bin: string | undefined;
  for (const part of text.split("&")) {
    const [name = "", value = ""] = part.split("=", 2);
    if (!PARAMETERS.includes(name)) {
      const near = nearName(name, PARAMETERS);
      return err(
        `it has "${name}", wanted ?bin=NAME${near === undefined ? "" : `; did you mean "${near}"?`}`,
      );
    }
    if (bin !== undefined) return err(`it has "${name}" twice`);
    if (!BIN_REGEXP.test(value)) {
      return err(`its program is "${value}", wanted 1 to 64 letters, digits, ".", "_" and "-"`);
    }
    bin = value;
  }
  return ok({ path, bin });
}
