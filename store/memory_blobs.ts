import { compareText } from "../engine/text_order.ts";
import type { BlobBackend } from "./blob_backend.ts";
import { requireBlobName } from "./blob_name.ts";

/** Blobs in this process, gone with it: for tests and simulations. */
export class MemoryBlobs implements BlobBackend {
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>();

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    requireBlobName(name);
    return await Promise.resolve(this.#blobs.get(name)?.slice());
  }

  async putIfAbsent(name: string, bytes: Uint8Array): Promise<"stored" | "exists"> {
    requireBlobName(name);
    if (this.#blobs.has(name)) return await Promise.resolve("exists");
    this.#blobs.set(name, new Uint8Array(bytes));
    return "stored";
  }

  list(prefix: string): Promise<readonly string[]> {
    const names = [...this.#blobs.keys()].filter((name) => name.startsWith(prefix));
    return Promise.resolve(names.sort(compareText));
  }

  async remove(name: string): Promise<void> {
    requireBlobName(name);
    this.#blobs.delete(name);
    await Promise.resolve();
  }
}
