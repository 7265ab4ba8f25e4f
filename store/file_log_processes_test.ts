import { deepStrictEqual, ok as assert, strictEqual } from "node:assert/strict";
import { testFolder } from "./_test_folder.ts";
import { batch, CHECKS, NAME, openTestJournal, RUN, runStarted, startLog, TestClock } from "./_test_log.ts";
import { FileLog } from "./file_log.ts";
import { loadLog } from "./load_log.ts";
import type { VoidEvent } from "./log_fold.ts";
import { wholeRecordTest } from "./whole_record.ts";

const APPENDER = new URL("./_test_appender.ts", import.meta.url).pathname;
const APPEND_COUNT = 40;
const KILL_COUNT = 4;

Deno.test("L2: two processes that append to one file lose and void nothing", async () => {
  await using folder = await testFolder();
  await startLog(openLog(folder.path));
  const runs = ["a", "b"].map((digit) => digit.repeat(32));
  const outputs = await Promise.all(
    runs.map((run) => appender(folder.path, run, APPEND_COUNT).spawn().output()),
  );
  const acknowledged = outputs.flatMap(({ stdout }) => seqsOf(new TextDecoder().decode(stdout)));
  strictEqual(new Set(acknowledged).size, 2 * APPEND_COUNT);
  const { seqs, voids } = await loaded(folder.path);
  deepStrictEqual(voids, []);
  strictEqual(seqs.length, 1 + 2 + 2 * APPEND_COUNT);
});

Deno.test("P7: what was acknowledged before a SIGKILL is in the log, and the next process goes on", async () => {
  await using folder = await testFolder();
  await startLog(openLog(folder.path));
  for (let nth = 1; nth <= KILL_COUNT; nth++) {
    const run = `${nth}`.repeat(32);
    await using child = appender(folder.path, run, 1e9).spawn();
    const acknowledged = await killAfter(child, nth * 5);
    const { seqs, voids } = await loaded(folder.path);
    deepStrictEqual(voids, []);
    assert(acknowledged.every((seq) => seqs.includes(seq)));
    const journal = await openTestJournal(openLog(folder.path));
    const broken = await journal.append(batch([{ type: "RunBroken", run, reason: "lockFree" }]));
    assert(broken.ok);
  }
  const journal = await openTestJournal(openLog(folder.path));
  assert((await journal.append(batch([runStarted(RUN)]))).ok);
});

function appender(folder: string, run: string, count: number): Deno.Command {
  const args = ["run", "-A", "--no-prompt", "-q", APPENDER, folder, run, `${count}`];
  return new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "inherit" });
}

/** Kills the process once it has printed so many lines; returns the seqs that it has acknowledged. */
async function killAfter(child: Deno.ChildProcess, lineCount: number): Promise<number[]> {
  let text = "";
  let isKilled = false;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (isKilled || seqsOf(text).length < lineCount) continue;
    isKilled = true;
    child.kill("SIGKILL");
  }
  await child.status;
  return seqsOf(text);
}

/** Numbers of the lines that are finished. */
function seqsOf(text: string): number[] {
  return text.split("\n").slice(0, -1).map(Number);
}

async function loaded(folder: string): Promise<{ seqs: number[]; voids: VoidEvent[] }> {
  const seqs: number[] = [];
  const voids: VoidEvent[] = [];
  await loadLog(openLog(folder), NAME, {
    checks: CHECKS,
    pins: [],
    see: ({ record, voids: found }) => {
      seqs.push(record.seq);
      voids.push(...found);
    },
  });
  return { seqs, voids };
}

function openLog(folder: string): FileLog {
  return new FileLog(folder, {
    clock: new TestClock(),
    holder: "test",
    isWholeRecord: wholeRecordTest(CHECKS),
  });
}
