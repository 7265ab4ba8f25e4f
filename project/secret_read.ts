import type { SecretFault } from "../lang/secret_source.ts";
import type { ProjectFailure } from "./failure.ts";

/** What came of reading a secret. `fault`: told at its place in the files. `failed`: the command ends. */
export type SecretRead =
  | { readonly kind: "text"; readonly text: string; readonly warning?: string }
  | { readonly kind: "fault"; readonly fault: SecretFault }
  | { readonly kind: "failed"; readonly failure: ProjectFailure };

/** The most bytes that a secret may have. */
export const SECRET_LIMIT_BYTES = 64 * 1024;

/** Reads the bytes of a file or of what a program printed: UTF-8, of which one line end at the very end is left out. */
export function readSecretBytes(bytes: Uint8Array, what: string): SecretRead {
  if (bytes.length > SECRET_LIMIT_BYTES) {
    return faulty(`Cannot take the secret from ${what}: it has more than ${SECRET_LIMIT_BYTES} bytes`);
  }
  const text = decode(bytes)?.replace(/\r?\n$/, "");
  if (text === undefined) return faulty(`Cannot take the secret from ${what}: it is not UTF-8`);
  return text === "" ? faulty(`Cannot take the secret from ${what}: it is empty`) : { kind: "text", text };
}

/** A fault told at the place of the secret. */
export function faulty(message: string, hint?: string): SecretRead {
  return { kind: "fault", fault: hint === undefined ? { message } : { message, hint } };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
