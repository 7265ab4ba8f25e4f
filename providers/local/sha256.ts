import { toHex } from "../../engine/random.ts";

/** SHA-256 in hex, by the runtime: loading `node:crypto` would double the time that the program takes to start. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
