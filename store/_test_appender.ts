import { FileLog } from "./file_log.ts";
import { batch, CHECKS, openTestJournal, runStarted, TestClock } from "./_test_log.ts";
import { wholeRecordTest } from "./whole_record.ts";

/** A process of its own, for the tests of file logs: appends to the log in FOLDER as RUN, COUNT times, and prints each seq that was acknowledged. */
const [folder = "", run = "", count = ""] = Deno.args;
const parts = {
  clock: new TestClock(),
  holder: `process ${Deno.pid}`,
  isWholeRecord: wholeRecordTest(CHECKS),
};
const journal = await openTestJournal(new FileLog(folder, { ...parts, clock: waiting() }));
await journal.append(batch([runStarted(run, [run])], run));
for (let nth = 0; nth < Number(count); nth++) {
  const answer = await journal.append(batch([{ type: "RunRenewed" }], run));
  const line = answer.ok ? `${answer.value.seq}\n` : `${answer.error.kind}\n`;
  await Deno.stdout.write(new TextEncoder().encode(line));
}

/** A clock whose pauses take as long as another process's turn may, and whose time stands still. */
function waiting(): TestClock {
  return new class extends TestClock {
    override monotonicMs(): number {
      return 0;
    }
  }();
}
