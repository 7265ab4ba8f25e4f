import { isAbsent } from "./file_answer.ts";

/** A program that was ended may still write for a moment. */
const ATTEMPTS = 100;

/** Removes a file or a folder with all in it, whether or not it is there. */
export async function removeTree(path: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (isAbsent(error)) return;
      if (attempt === ATTEMPTS || !isNotEmpty(error)) throw error;
    }
  }
}

function isNotEmpty(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOTEMPTY";
}
