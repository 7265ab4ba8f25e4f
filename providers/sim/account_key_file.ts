import type { Random } from "../../engine/random.ts";

const KEY_SIZE = 32;

/** The account key under `folder`; `undefined` when there is none of the right size. */
export async function readAccountKey(folder: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = await Deno.readFile(pathOf(folder));
    return bytes.length === KEY_SIZE ? bytes : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Makes an account key, readable by its owner only, durable before anything rests under it. */
export async function makeAccountKey(folder: string, random: Random): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = random.bytes(KEY_SIZE);
  const file = await Deno.open(pathOf(folder), { write: true, create: true, truncate: true, mode: 0o600 });
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    file.close();
  }
  return bytes;
}

function pathOf(folder: string): string {
  return `${folder}/account.key`;
}
