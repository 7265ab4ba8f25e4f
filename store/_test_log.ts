import type { Clock } from "../engine/clock.ts";
import type { EnvironmentOpened, KeyRole, RunStarted, TrustedKey } from "../engine/environment_event.ts";
import type { Event } from "../engine/event.ts";
import type { CreateStarted, CreateSucceeded } from "../engine/resource_event.ts";
import { toBase64url } from "../trust/base64url.ts";
import type { Signer } from "../trust/signer.ts";
import { createLog } from "./create_log.ts";
import { type JournalObserver, type OpenJournal, openJournal } from "./journal.ts";
import type { Batch } from "./journal_port.ts";
import type { LogBackend, Repair, StoredRecord } from "./log_backend.ts";
import { loadRecordChecks } from "./record_checks.ts";
import type { VerifiedRecord } from "./verify_records.ts";

/** Support of the tests of this folder: fixed keys, a clock that is moved by hand, and logs made with them. */

export const CHECKS = await loadRecordChecks();
export const NAME = "dev";
export const RUN = "0".repeat(31) + "1";
export const OTHER_RUN = "0".repeat(31) + "2";

const PKCS8_PREFIX = "302e020100300506032b657004220420";
const SPKI_PREFIX = "302a300506032b6570032100";

/** A key pair made of a fixed seed, so that signatures and hashes are the same each time. */
export interface TestKey {
  readonly signer: Signer;
  readonly trusted: TrustedKey;
}

export async function testKey(
  seed: number,
  roles: readonly KeyRole[] = ["admin", "apply"],
): Promise<TestKey> {
  const pkcs8 = Uint8Array.fromHex(PKCS8_PREFIX + seed.toString(16).padStart(2, "0").repeat(32));
  // deno-lint-ignore no-boolean-literal-for-arguments -- WebCrypto's own signature
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  const point = Uint8Array.fromBase64(x ?? "", { alphabet: "base64url" });
  const spki = new Uint8Array([...Uint8Array.fromHex(SPKI_PREFIX), ...point]);
  const id = CHECKS.hash(spki);
  return {
    signer: {
      keyId: id,
      sign: async (statement) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, statement)),
    },
    trusted: { id, name: `key ${seed}`, roles, algorithm: "Ed25519", publicKey: toBase64url(spki) },
  };
}

/** Time that moves only when somebody sleeps. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  #nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);

  wallMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.#nowMs += ms;
    return Promise.resolve();
  }
}

/** Keeps what it hears. */
export class Heard implements JournalObserver {
  readonly records: VerifiedRecord[] = [];
  readonly repairs: Repair[] = [];

  onRecord(verified: VerifiedRecord): void {
    this.records.push(verified);
  }

  onRepair(repair: Repair): void {
    this.repairs.push(repair);
  }
}

export const KEY = await testKey(1);

export function environmentOpened(keys: readonly TrustedKey[] = [KEY.trusted]): EnvironmentOpened {
  return {
    type: "EnvironmentOpened",
    project: "shop",
    environment: NAME,
    nonce: "ab".repeat(16),
    keys,
    dataKey: "data-1",
    digestKey: "digest-1",
  };
}

export function runStarted(run: string, writes: readonly string[] = ["a.x"]): RunStarted {
  const host = "laptop";
  return { type: "RunStarted", run, command: "apply", writes, reads: [], host, who: "ada", ttlMs: 30_000 };
}

export function createStarted(address: string, token: string): CreateStarted {
  return {
    type: "CreateStarted",
    address,
    token,
    resourceType: "local.Data",
    schemaVersion: 1,
    account: "here",
    inputs: { input: { size: 1 } },
    dependencies: [],
    bindings: [],
    description: {},
    deadlineMs: 1_000,
  };
}

export function createSucceeded(address: string, token: string, id: string): CreateSucceeded {
  return { type: "CreateSucceeded", address, token, id, fields: { input: { size: 1 } }, outputs: {} };
}

export function batch(events: readonly Event[], run: string = RUN): Batch {
  return { run, events, decidedOn: new Map() };
}

/** Writes record 1. */
export async function startLog(log: LogBackend, keys: readonly TrustedKey[] = [KEY.trusted]): Promise<void> {
  const creation = { log, environment: NAME, clock: new TestClock(), hash: CHECKS.hash, signer: KEY.signer };
  const made = await createLog(
    { ...creation, run: "f".repeat(32), repaired: () => {} },
    environmentOpened(keys),
  );
  if (!made.ok) throw new Error("There is a log already");
}

export async function openTestJournal(
  log: LogBackend,
  observer: JournalObserver = new Heard(),
  signer: Signer = KEY.signer,
): Promise<OpenJournal> {
  return await openJournal({ log, observer, signer, checks: CHECKS, clock: new TestClock() }, NAME, []);
}

export async function storedRecords(log: LogBackend, name: string = NAME): Promise<StoredRecord[]> {
  return await Array.fromAsync(log.read(name, 1));
}

/** A log with record 1, one run and `count` resources created, each intent and outcome in a record of its own. */
export async function grownLog(log: LogBackend, count: number): Promise<OpenJournal> {
  await startLog(log);
  const journal = await openTestJournal(log);
  const addresses = Array.from({ length: count }, (_, nth) => `a.x${nth}`);
  await journal.append(batch([runStarted(RUN, addresses)]));
  for (const [nth, address] of addresses.entries()) {
    await journal.append(batch([createStarted(address, `t${nth}`)]));
    await journal.append(batch([createSucceeded(address, `t${nth}`, `id-${nth}`)]));
  }
  return journal;
}
