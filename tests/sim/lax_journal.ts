import type { admit } from "../../engine/admit.ts";
import { durableView, Environment } from "../../engine/environment.ts";
import type { Event } from "../../engine/event.ts";
import { evolveEnvironment, noteRecord } from "../../engine/evolve_environment.ts";
import { err, ok } from "../../engine/result.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import type { Batch, Journal } from "../../store/journal_port.ts";
import { openRecord } from "../../store/record_codec.ts";
import { readEvent } from "../../engine/event_codec.ts";
import { sealRecord } from "../../store/seal_record.ts";
import { RECORD_VERSION } from "../../engine/record.ts";
import { loadBlake3 } from "../../trust/blake3.ts";
import { keyedHash } from "../support/test_stream.ts";

type Admit = typeof admit;

/** Loaded before any simulation begins: in one, everything follows from promises alone. */
const hash = await loadBlake3();

/** A journal whose admission a test has broken: one batch a record, folded as it is read. */
export async function laxJournal(journal: Journal, log: LogBackend, admitted: Admit): Promise<Journal> {
  const signer = keyedHash(hash);
  const environment = new Environment();
  const state = durableView(environment);
  let head = { seq: 0, hash: "" };
  const refresh = async () => {
    for await (const { seq, bytes } of log.read(journal.environment, head.seq + 1)) {
      const opened = openRecord(bytes, `record ${seq}`);
      const context = { seq, at: opened.at, run: opened.run, keyId: opened.by };
      for (const json of opened.events) {
        evolveEnvironment(environment, readEvent(json, `record ${seq}`), context);
      }
      noteRecord(environment, context);
      environment.commit();
      head = { seq, hash: hash(opened.canonicalBytes) };
    }
  };
  const append = async (batch: Batch) => {
    for (;;) {
      await refresh();
      const context = { run: batch.run, keyId: signer.keyId, decidedOn: batch.decidedOn };
      for (const event of batch.events) {
        const refusal = admitted(environment, event, context);
        if (refusal !== undefined) return err(refusal);
      }
      const frame = {
        v: RECORD_VERSION,
        stream: journal.stream,
        seq: head.seq + 1,
        prev: head.hash,
      } as const;
      const record = { ...frame, at: "2026-01-02T03:04:05.000Z", run: batch.run, by: signer.keyId };
      const events: readonly Event[] = batch.events;
      const sealed = await sealRecord({ ...record, events }, hash, signer);
      const answer = await log.append(journal.environment, head.seq + 1, sealed.bytes);
      if (answer.kind !== "stored") continue;
      await refresh();
      return ok({ seq: head.seq, index: 0 });
    }
  };
  await refresh();
  return {
    environment: journal.environment,
    stream: journal.stream,
    get head() {
      return head;
    },
    state,
    append,
    refresh,
  };
}
