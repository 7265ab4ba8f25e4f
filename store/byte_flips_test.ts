import { ok as assert, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { IntegrityError } from "../engine/integrity_error.ts";
import { testFolder } from "./_test_folder.ts";
import {
  batch,
  CHECKS,
  createStarted,
  grownLog,
  Heard,
  NAME,
  openTestJournal,
  TestClock,
} from "./_test_log.ts";
import { FileLog } from "./file_log.ts";
import { loadLog } from "./load_log.ts";
import type { RecordChecks } from "./record_checks.ts";
import { wholeRecordTest } from "./whole_record.ts";

const RECORD_COUNT = 20;
const NEWLINE = 0x0a;

Deno.test("one flipped bit in any byte of a log, and no load goes on", async () => {
  await using folder = await testFolder();
  const bytes = await writtenLog(folder.path);
  const checks = remembering(CHECKS);
  strictEqual(await loadCount(folder.path, checks), RECORD_COUNT);
  using file = await Deno.open(join(folder.path, `${NAME}.log`), { write: true });
  for (const [at, byte] of bytes.entries()) {
    writeByte(file, at, byte ^ (1 << seededBit(at)));
    await rejects(loadCount(folder.path, checks), IntegrityError, `byte ${at}`);
    writeByte(file, at, byte);
  }
});

Deno.test("a last line cut after any byte is ignored by readers, and mended and told by the next appender", async () => {
  await using folder = await testFolder();
  const bytes = await writtenLog(folder.path);
  const path = join(folder.path, `${NAME}.log`);
  const lastLine = bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
  for (let size = lastLine + 1; size < bytes.length; size++) {
    await Deno.writeFile(path, bytes.subarray(0, size));
    strictEqual(await loadCount(folder.path, CHECKS), RECORD_COUNT - 1, `cut at ${size}`);
    const heard = new Heard();
    const journal = await openTestJournal(openLog(folder.path, CHECKS), heard);
    const answer = await journal.append(batch([{ type: "Tainted", address: "a.x1", reason: "test" }]));
    const isWhole = size === bytes.length - 1;
    assert(answer.ok);
    strictEqual(answer.value.seq, isWhole ? RECORD_COUNT + 1 : RECORD_COUNT);
    const [repair] = heard.repairs;
    strictEqual(repair?.kind, isWhole ? "completed" : "cut", `cut at ${size}`);
    strictEqual(repair?.sizeBytes, isWhole ? 0 : size - lastLine);
    if (repair?.keptAt !== undefined) await Deno.remove(repair.keptAt);
  }
});

async function writtenLog(folder: string): Promise<Uint8Array> {
  const journal = await grownLog(openLog(folder, CHECKS), 4);
  const token = "t9";
  const replaces = "id-0";
  await journal.append(batch([{ ...createStarted("a.x0", token), replaces }]));
  while (journal.head.seq < RECORD_COUNT) await journal.append(batch([{ type: "RunRenewed" }]));
  return await Deno.readFile(join(folder, `${NAME}.log`));
}

function writeByte(file: Deno.FsFile, at: number, byte: number): void {
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array([byte]));
}

async function loadCount(folder: string, checks: RecordChecks): Promise<number> {
  const fold = await loadLog(openLog(folder, checks), NAME, { checks, pins: [], see: () => {} });
  return fold.head.seq;
}

function openLog(folder: string, checks: RecordChecks): FileLog {
  const isWholeRecord = wholeRecordTest(checks);
  return new FileLog(folder, { clock: new TestClock(), holder: "test", isWholeRecord });
}

/** A pseudo-random bit, 0 to 7, the same each time (an xorshift of the place). */
function seededBit(at: number): number {
  let word = (at + 1) * 0x9e3779b1;
  word ^= word >>> 15;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  return word & 7;
}

/** Signatures that were good once are good, which makes thousands of loads quick. */
function remembering(checks: RecordChecks): RecordChecks {
  const good = new Set<string>();
  return {
    hash: checks.hash,
    verifySignature: async (key, statement, signature, where) => {
      const name = `${key.id} ${statement.toHex()} ${signature.toHex()}`;
      if (good.has(name)) return;
      await checks.verifySignature(key, statement, signature, where);
      good.add(name);
    },
  };
}
