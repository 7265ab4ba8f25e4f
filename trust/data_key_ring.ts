import { NON_EXTRACTABLE } from "./_web_crypto.ts";
import type { DataKeySource } from "./data_key_source.ts";

/** Data keys by id; `undefined` for one that is not here. */
export interface DataKeys {
  get(id: string): Promise<CryptoKey | undefined> | CryptoKey | undefined;
}

/** The data keys of a source in use, each loaded when it is first asked for: a rotation may bring new ones at any time. */
export class DataKeyRing implements DataKeys {
  readonly #source: DataKeySource;
  readonly #known = new Map<string, CryptoKey>();

  constructor(source: DataKeySource) {
    this.#source = source;
  }

  /** Takes a key that has been loaded. It stays, though a rotation of another process destroys its file meanwhile. */
  async add(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
    const key = await importDataKey(bytes);
    this.#known.set(id, key);
    return key;
  }

  /** Rejects for a key that is here and cannot be used. */
  async get(id: string): Promise<CryptoKey | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const loaded = await this.#source.load(id);
    if (!loaded.ok) {
      if (loaded.error.kind === "Absent") return undefined;
      throw new Error(loaded.error.message);
    }
    return await this.add(id, loaded.value);
  }
}

/** Takes a data key into use: it cannot be exported any more. */
export async function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, "AES-GCM", NON_EXTRACTABLE, ["encrypt", "decrypt"]);
}
