import { sealBox } from "./sealed_box.ts";
import type { VaultParts } from "./vault.ts";

/** The secrets that an admin has given up, and those texts of them that are known all the same. */
export class LostSecrets {
  readonly #parts: VaultParts;
  /** By the id of the blob: what has the digest that the log holds. */
  readonly #told = new Map<string, string>();

  constructor(parts: VaultParts) {
    this.#parts = parts;
  }

  /** Takes the text of a secret that its digest has proved. */
  told(id: string, text: string): void {
    this.#told.set(id, text);
  }

  /** Whether it was given up, opens under no key that is here, and nobody has told its text. */
  async isGivenUp(id: string): Promise<boolean> {
    return !this.#told.has(id) && await this.#isLost(id);
  }

  /** The text of a secret that was given up, stored again under the active key; `undefined` for every other secret. */
  async restored(id: string): Promise<string | undefined> {
    const text = this.#told.get(id);
    if (text === undefined || !await this.#isLost(id)) return undefined;
    const { blobs, keys, random, stream } = this.#parts;
    const { active } = keys;
    const key = await keys.dataKeys.get(active);
    if (key === undefined) return undefined;
    const box = await sealBox(key, random, `${stream}|${id}`, new TextEncoder().encode(text));
    await blobs.putIfAbsent(`${id}/${active}`, box);
    return text;
  }

  async #isLost(id: string): Promise<boolean> {
    const { blobs, keys, isGivenUp } = this.#parts;
    for (const name of await blobs.list(`${id}/`)) {
      if (await keys.dataKeys.get(name.slice(id.length + 1)) !== undefined) return false;
    }
    return await isGivenUp?.(id) ?? false;
  }
}
