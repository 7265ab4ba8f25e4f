import { formatInstant } from "../engine/clock.ts";
import type { EnvironmentOpened } from "../engine/environment_event.ts";
import { RECORD_VERSION } from "../engine/record.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { Hash } from "../trust/blake3.ts";
import type { Signer } from "../trust/signer.ts";
import { deliverRecord, type Delivery } from "./deliver_record.ts";
import type { Head } from "./journal_port.ts";
import { openRecord } from "./record_codec.ts";
import { sealRecord } from "./seal_record.ts";

/** What a new log needs beside its first event. */
export interface LogCreation extends Delivery {
  readonly hash: Hash;
  readonly signer: Signer;
  /** The run of the command that creates it: 128 random bits, in hex. */
  readonly run: string;
}

/**
 * Writes record 1: from then on the environment exists. Returns the record, whose hash names the log and is its first pin;
 * or says that there is a log of this name already, which stays as it is.
 */
export async function createLog(
  creation: LogCreation,
  opened: EnvironmentOpened,
): Promise<Result<Head, { readonly kind: "LogExists" }>> {
  const { clock, hash, run, signer } = creation;
  const at = formatInstant(clock.wallMs());
  const frame = { v: RECORD_VERSION, stream: "", seq: 1, prev: "", at, run, by: signer.keyId } as const;
  const sealed = await sealRecord({ ...frame, events: [opened] }, hash, signer);
  const answer = await deliverRecord(creation, sealed, new AbortController().signal);
  if (answer === "taken" && await firstHash(creation) !== sealed.hash) return err({ kind: "LogExists" });
  return ok({ seq: 1, hash: sealed.hash });
}

async function firstHash(creation: LogCreation): Promise<string | undefined> {
  for await (const stored of creation.log.read(creation.environment, 1)) {
    return creation.hash(openRecord(stored.bytes, `${creation.environment} record 1`).canonicalBytes);
  }
  return undefined;
}
