import { deepStrictEqual, match, ok as assert, rejects, strictEqual } from "node:assert/strict";
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
  storedRecords,
  TestClock,
} from "./_test_log.ts";
import { FileLog } from "./file_log.ts";
import { testLogBackend } from "./log_contract.ts";
import { MemoryLog } from "./memory_log.ts";
import { wholeRecordTest } from "./whole_record.ts";

const NO_RECORD = async (): Promise<boolean> => await Promise.resolve(0) === 1;

testLogBackend("FileLog", async () => {
  const folder = await testFolder();
  const path = join(folder.path, "deep", "log");
  return {
    open: () => new FileLog(path, { clock: yielding(), holder: "test", isWholeRecord: NO_RECORD }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});

Deno.test("FileLog is one file of JSON lines, each with its signature behind a TAB", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  const text = await Deno.readTextFile(logPath(folder.path));
  const lines = text.trimEnd().split("\n");
  deepStrictEqual(lines.map((line) => JSON.parse(line.split("\t")[0] ?? "").seq), [1, 2, 3, 4]);
  assert(text.endsWith("\n"));
});

Deno.test("P7 a: readers stop before an unfinished line and never change the file", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  await writeTail(folder.path, '{"at":');
  const before = await Deno.readFile(logPath(folder.path));
  strictEqual((await storedRecords(openLog(folder.path))).length, 4);
  deepStrictEqual(await Deno.readFile(logPath(folder.path)), before);
  deepStrictEqual(await namesIn(folder.path), ["dev.log", "dev.log.holder"]);
});

Deno.test("P7: an appender cuts an unfinished record off, keeps it aside and tells", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  await writeTail(folder.path, '{"at":');
  const heard = new Heard();
  const journal = await openTestJournal(openLog(folder.path), heard);
  const answer = await journal.append(batch([{ type: "RunRenewed" }]));
  assert(answer.ok);
  const keptAt = join(folder.path, "dev.torn-1");
  deepStrictEqual(heard.repairs, [{ kind: "cut", sizeBytes: 6, keptAt }]);
  strictEqual(await Deno.readTextFile(keptAt), '{"at":');
  strictEqual((await storedRecords(openLog(folder.path))).length, 5);
});

Deno.test("P7: what was cut before is never written over", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  for (const text of ["first", "second"]) {
    await writeTail(folder.path, text);
    await (await openTestJournal(openLog(folder.path))).append(batch([{ type: "RunRenewed" }]));
  }
  deepStrictEqual(
    await Promise.all([1, 2].map((nth) => Deno.readTextFile(join(folder.path, `dev.torn-${nth}`)))),
    ["first", "second"],
  );
});

Deno.test("P7 c: a whole record that lacks its line end is kept", async () => {
  await using folder = await testFolder();
  const journal = await grownLog(openLog(folder.path), 1);
  await cutBytes(folder.path, 1);
  strictEqual((await storedRecords(openLog(folder.path))).length, 3);
  const heard = new Heard();
  const next = await openTestJournal(openLog(folder.path), heard);
  strictEqual(next.head.seq, 3);
  await next.append(batch([{ type: "RunRenewed" }]));
  deepStrictEqual(heard.repairs, [{ kind: "completed", sizeBytes: 0, keptAt: undefined }]);
  deepStrictEqual(next.state.resources.get("a.x0"), journal.state.resources.get("a.x0"));
  strictEqual(next.head.seq, 5);
});

Deno.test("P7 c: a whole record with other bytes after it is damage", async () => {
  for (const tail of ["J", 'x{"at":1', "\u0000"]) {
    await using folder = await testFolder();
    await grownLog(openLog(folder.path), 1);
    await cutBytes(folder.path, 1);
    await writeTail(folder.path, tail);
    const before = await Deno.readFile(logPath(folder.path));
    const log = openLog(folder.path);
    await rejects(storedRecords(log), isMalformed);
    await rejects(log.append(NAME, 5, new Uint8Array(1)), isMalformed);
    deepStrictEqual(await Deno.readFile(logPath(folder.path)), before);
  }
});

Deno.test("P7 b: a last line with its line end that does not verify is damage, never cut", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  const bytes = await Deno.readFile(logPath(folder.path));
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await Deno.writeFile(logPath(folder.path), bytes);
  await rejects(openTestJournal(openLog(folder.path)), IntegrityError);
  deepStrictEqual(await Deno.readFile(logPath(folder.path)), bytes);
});

Deno.test("P7: a whole block of NULs in the last line is an append cut short, though its line end is there", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  const tail = new Uint8Array(2_000);
  tail[0] = "{".charCodeAt(0);
  tail[1_999] = 0x0a;
  await writeTail(folder.path, tail);
  strictEqual((await storedRecords(openLog(folder.path))).length, 4);
  const heard = new Heard();
  await (await openTestJournal(openLog(folder.path), heard)).append(batch([{ type: "RunRenewed" }]));
  deepStrictEqual(heard.repairs.map((repair) => [repair.kind, repair.sizeBytes]), [["cut", 2_000]]);
});

Deno.test("P7 d: a run makes durable what it read from a process that was killed before its sync", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  const { syncData } = Deno.FsFile.prototype;
  let synced = 0;
  using _counting = patchedSync(async function (this: Deno.FsFile) {
    synced += 1;
    await syncData.call(this);
  });
  await openTestJournal(openLog(folder.path));
  strictEqual(synced, 1);
});

Deno.test("P7 g: after a write has failed the log is not written to again", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  const log = openLog(folder.path);
  await storedRecords(log);
  const line = new TextEncoder().encode("never stored");
  using _failing = failingSyncs();
  await rejects(log.append(NAME, 5, line), /Input\/output error/);
  _failing[Symbol.dispose]();
  await rejects(log.append(NAME, 5, line), /writing it has failed before/);
});

Deno.test("P7 h: a file that was replaced while it was in use is not appended to", async () => {
  await using folder = await testFolder();
  const journal = await grownLog(openLog(folder.path), 1);
  const path = logPath(folder.path);
  await Deno.copyFile(path, `${path}.backup`);
  await Deno.rename(`${path}.backup`, path);
  const before = await Deno.readFile(path);
  await rejects(journal.append(batch([{ type: "RunRenewed" }])), /its file was replaced while it was in use/);
  deepStrictEqual(await Deno.readFile(path), before);
});

Deno.test("P7 h: a file that was removed while it was in use is not begun anew", async () => {
  await using folder = await testFolder();
  const log = openLog(folder.path);
  const journal = await grownLog(log, 1);
  await Deno.remove(logPath(folder.path));
  await rejects(journal.refresh(), /its file was replaced/);
  await rejects(storedRecords(log), /its file was replaced/);
});

Deno.test("a log that became shorter since it was read is refused", async () => {
  await using folder = await testFolder();
  const journal = await grownLog(openLog(folder.path), 1);
  await Deno.truncate(logPath(folder.path), 10);
  await rejects(
    journal.append(batch([{ type: "RunRenewed" }])),
    (error) => error instanceof IntegrityError && error.kind === "chain",
  );
});

Deno.test("an append waits for the lock only so long, then names who holds it", async () => {
  await using folder = await testFolder();
  await grownLog(openLog(folder.path), 1);
  using holder = await Deno.open(logPath(folder.path), { read: true, write: true });
  const exclusive = true;
  await holder.lock(exclusive);
  const log = openLog(folder.path);
  const clock = new TestClock();
  const waiting = new FileLog(folder.path, { ...parts(), clock, holder: "process 2 on other" });
  await rejects(waiting.append(NAME, 5, new Uint8Array(1)), /process 1 on laptop has held it for 10 s/);
  assert(clock.slept.length > 10);
  strictEqual((await storedRecords(log)).length, 4);
});

Deno.test("an error is never read as nothing there", async () => {
  await using folder = await testFolder();
  await Deno.mkdir(logPath(folder.path));
  await rejects(storedRecords(openLog(folder.path)));
  await Deno.writeTextFile(join(folder.path, "file"), "");
  await rejects(storedRecords(openLog(join(folder.path, "file"))));
});

Deno.test("the name of an environment cannot lead out of the folder", async () => {
  await using folder = await testFolder();
  for (const name of ["../x", "", ".", "a/b", "a.b", "-x"]) {
    await rejects(storedRecords(openLog(folder.path), name), /Cannot name a log/);
  }
});

Deno.test("an append costs what it appends, whatever the size of the log", async () => {
  await using folder = await testFolder();
  const journal = await grownLog(openLog(folder.path), 20);
  const { size } = await Deno.stat(logPath(folder.path));
  await journal.append(batch([{ type: "RunRenewed" }]));
  const grown = (await Deno.stat(logPath(folder.path))).size - size;
  assert(grown < 600, `${grown} bytes`);
  deepStrictEqual(await namesIn(folder.path), ["dev.log", "dev.log.holder"]);
});

Deno.test("the bytes of a file log are those of any other backend", async () => {
  await using folder = await testFolder();
  const memory = new MemoryLog();
  const file = openLog(folder.path);
  await grownLog(memory, 2);
  await grownLog(file, 2);
  deepStrictEqual(await storedRecords(file), await storedRecords(memory));
});

Deno.test("two processes of one log take turns, record by record", async () => {
  await using folder = await testFolder();
  const mine = await grownLog(openLog(folder.path), 4);
  const theirs = await openTestJournal(openLog(folder.path));
  const appends = ["a.x0", "a.x1", "a.x2", "a.x3"].flatMap((address, nth) => {
    const event = { type: "Tainted", address, reason: "test" } as const;
    return [nth % 2 === 0 ? mine.append(batch([event])) : theirs.append(batch([event]))];
  });
  const answers = await Promise.all(appends);
  assert(answers.every((answer) => answer.ok));
  await mine.refresh();
  await theirs.refresh();
  deepStrictEqual(mine.state.resources, theirs.state.resources);
  match(String(mine.head.seq), /^1[2-4]$/);
  const refused = await theirs.append(batch([createStarted("a.x0", "t0")]));
  assert(!refused.ok);
});

function isMalformed(error: unknown): boolean {
  return error instanceof IntegrityError && error.kind === "malformed";
}

function parts(): ConstructorParameters<typeof FileLog>[1] {
  return { clock: yielding(), holder: "process 1 on laptop", isWholeRecord: wholeRecordTest(CHECKS) };
}

/** A clock on which the wait for a lock lets others go on, and takes no time. */
function yielding(): TestClock {
  return new class extends TestClock {
    override monotonicMs(): number {
      return 0;
    }
  }();
}

function openLog(folder: string): FileLog {
  return new FileLog(folder, parts());
}

function logPath(folder: string): string {
  return join(folder, `${NAME}.log`);
}

async function writeTail(folder: string, tail: string | Uint8Array): Promise<void> {
  const bytes = typeof tail === "string" ? new TextEncoder().encode(tail) : tail;
  await Deno.writeFile(logPath(folder), bytes, { append: true });
}

async function cutBytes(folder: string, count: number): Promise<void> {
  const { size } = await Deno.stat(logPath(folder));
  await Deno.truncate(logPath(folder), size - count);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

/** Makes every sync of a file fail, as a dying disk does. */
function failingSyncs(): Disposable {
  return patchedSync(() => Promise.reject(new Error("Input/output error (os error 5)")));
}

function patchedSync(patch: (this: Deno.FsFile) => Promise<void>): Disposable {
  const { syncData } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncData = patch;
  return {
    [Symbol.dispose]: () => {
      Deno.FsFile.prototype.syncData = syncData;
    },
  };
}
