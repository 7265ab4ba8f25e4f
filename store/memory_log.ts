import type { AppendAnswer, LogBackend, StoredRecord } from "./log_backend.ts";

/** Logs in this process, gone with it: for tests and simulations. */
export class MemoryLog implements LogBackend {
  readonly #records = new Map<string, Uint8Array[]>();

  async *read(environment: string, fromSeq: number): AsyncGenerator<StoredRecord> {
    const records = this.#records.get(environment) ?? [];
    for (let seq = fromSeq; seq <= records.length; seq++) {
      const bytes = records[seq - 1];
      if (bytes !== undefined) yield { seq, bytes: bytes.slice() };
    }
  }

  append(environment: string, seq: number, bytes: Uint8Array): Promise<AppendAnswer> {
    const records = this.#records.get(environment) ?? [];
    if (seq <= records.length) return Promise.resolve({ kind: "taken" });
    if (seq !== records.length + 1) {
      return Promise.reject(
        new RangeError(`Cannot append record ${seq}: the log ends with record ${records.length}`),
      );
    }
    this.#records.set(environment, records);
    records.push(bytes.slice());
    return Promise.resolve({ kind: "stored", repaired: undefined });
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  environments(): Promise<readonly string[]> {
    return Promise.resolve([...this.#records.keys()]);
  }
}
