import type { RunStarted } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import type { JsonObject } from "../engine/json.ts";
import type { Random } from "../engine/random.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { ok } from "../engine/result.ts";
import type { CreateStarted, CreateSucceeded, DeleteStarted } from "../engine/resource_event.ts";
import { genesis } from "../project/genesis.ts";
import { checkpointDigest } from "../store/checkpoint_digest.ts";
import type { Head } from "../store/journal_port.ts";
import type { StoredRecord } from "../store/log_backend.ts";
import { MemoryLog } from "../store/memory_log.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { type SealedRecord, sealRecord } from "../store/seal_record.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { importSecretKeys, makeSecretKeys, type RawSecretKeys } from "../trust/secret_keys.ts";
import { openVault, type VaultBlobs } from "../trust/vault.ts";
import type { Vault } from "../trust/vault_port.ts";
import type { AuditSubject } from "./audit_subject.ts";

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) };

/** A log made by hand, for tests of what reads logs: the environment `dev` of the project `p-1`, with the key `ann`. */
export class AuditedLog {
  readonly checks: RecordChecks;
  readonly blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly records: SealedRecord[] = [];
  readonly key: SigningKey;
  readonly #secretKeys: RawSecretKeys;

  private constructor(checks: RecordChecks, key: SigningKey, secretKeys: RawSecretKeys) {
    this.checks = checks;
    this.key = key;
    this.#secretKeys = secretKeys;
  }

  static async open(): Promise<AuditedLog> {
    const checks = await loadRecordChecks();
    const key = await importEd25519(checks.hash, "ann", makeEd25519(random));
    if (key === undefined) throw new TypeError("a new key is one");
    const secretKeys = makeSecretKeys(random);
    const made = new AuditedLog(checks, key, secretKeys);
    const what = {
      project: "p-1",
      environment: "dev",
      owner: trustedKey(key, []),
      dataKey: secretKeys.data.id,
      digestKey: secretKeys.digest.id,
    };
    await made.append("00".repeat(16), [genesis(what, random)]);
    return made;
  }

  get head(): Head {
    const last = this.records.at(-1);
    return { seq: this.records.length, hash: last?.hash ?? "" };
  }

  get stream(): string {
    return this.records[0]?.hash ?? "";
  }

  async append(run: string, events: readonly Event[], key: SigningKey = this.key): Promise<void> {
    const { seq, hash: prev } = this.head;
    const at = `2026-01-02T03:04:${String(seq).padStart(2, "0")}.000Z`;
    const frame = { v: RECORD_VERSION, stream: this.stream, seq: seq + 1, prev, at, run } as const;
    this.records.push(
      await sealRecord({ ...frame, by: key.signer.keyId, events }, this.checks.hash, key.signer),
    );
  }

  async vault(): Promise<Vault> {
    const keys = await importSecretKeys(this.#secretKeys);
    return openVault({ stream: this.stream, blobs: mapBlobs(this.blobs), keys, random });
  }

  /** The stored bytes, with those of record `seq` changed where it is given. */
  async backend(seq?: number, change?: (bytes: Uint8Array) => Uint8Array): Promise<MemoryLog> {
    const log = new MemoryLog();
    for (const [index, { bytes }] of this.records.entries()) {
      const stored = index + 1 === seq && change !== undefined ? change(bytes) : bytes;
      await log.append("dev", index + 1, stored);
    }
    return log;
  }

  /** What is audited when nothing is wrong. */
  async subject(): Promise<AuditSubject> {
    return {
      environment: "dev",
      project: "p-1",
      log: await this.backend(),
      checks: this.checks,
      pins: [{ seq: 1, hash: this.stream, source: "smelt.toml" }],
      vault: async () => ok(await this.vault()),
      held: undefined,
      checkpoint: (fold) => checkpointDigest(this.checks.hash, fold),
    };
  }
}

/** A log that holds exactly these bytes, whatever their seq says. */
export async function backendOf(all: readonly Uint8Array[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  for (const [index, bytes] of all.entries()) await log.append("dev", index + 1, bytes);
  return log;
}

/** A log whose reading fails with `error`. */
export class BrokenLog extends MemoryLog {
  readonly #error: Error;

  constructor(error: Error) {
    super();
    this.#error = error;
  }

  // deno-lint-ignore require-yield -- it never comes to a record
  override async *read(): AsyncGenerator<StoredRecord> {
    await Promise.resolve();
    throw this.#error;
  }
}

/** The start of a run that may write `writes`. */
export function runStarted(run: string, writes: readonly string[]): RunStarted {
  const rest = { reads: [], host: "box", who: "ann@box", ttlMs: 30_000 };
  return { type: "RunStarted", run, command: "apply", writes, ...rest };
}

/** An intent to create, with `inputs`. */
export function createStarted(address: string, token: string, inputs: JsonObject = {}): CreateStarted {
  return {
    type: "CreateStarted",
    address,
    token,
    resourceType: "sim.Network",
    schemaVersion: 1,
    account: "main",
    deadlineMs: 1000,
    inputs,
    dependencies: [],
    bindings: [],
    description: { intent: "Holds the servers" },
  };
}

/** The success of it. */
export function createSucceeded(address: string, token: string, id: string): CreateSucceeded {
  return { type: "CreateSucceeded", address, token, id, fields: {}, outputs: {} };
}

/** An intent to delete. */
export function deleteStarted(address: string, token: string, id: string): DeleteStarted {
  return { type: "DeleteStarted", address, token, id, deadlineMs: 1000 };
}

function mapBlobs(stored: Map<string, Uint8Array<ArrayBuffer>>): VaultBlobs {
  return {
    get: (name) => Promise.resolve(stored.get(name)),
    putIfAbsent(name, bytes) {
      stored.set(name, new Uint8Array(bytes));
      return Promise.resolve("stored");
    },
    list: (prefix) => Promise.resolve([...stored.keys()].filter((name) => name.startsWith(prefix))),
  };
}
