import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../actors/system_clock.ts";
import type { Clock } from "../engine/clock.ts";
import { runSecretCommand } from "./secret_command.ts";
import type { SecretRead } from "./secret_read.ts";

async function giveOf(script: string, root: string, clock: Clock = systemClock): Promise<SecretRead> {
  return await runSecretCommand(clock, root, { kind: "command", program: "sh", args: ["-c", script] });
}

function messageOf(read: SecretRead): string {
  return read.kind === "fault" ? read.fault.message : read.kind;
}

/** Calls `work` with a new folder, and ends what a script has left behind and named in `pid` there. */
async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "smelt-test-" });
  try {
    await work(folder);
  } finally {
    const pid = await Deno.readTextFile(join(folder, "pid")).catch(() => undefined);
    if (pid !== undefined) Deno.kill(Number(pid), "SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("secret_command() tells of a program that printed too much, whether it has ended by then or not", async () => {
  await withFolder(async (folder) => {
    for (const size of [65_537, 70_000, 700_000]) {
      for (const after of ["", "; exec sleep 20"]) {
        const read = await giveOf(`head -c ${size} /dev/zero${after}`, folder);
        match(
          messageOf(read),
          /^Cannot take the secret from the program "sh": it has more than 65536 bytes$/,
        );
      }
    }
    const whole = await giveOf("head -c 65536 /dev/zero | tr '\\0' a", folder);
    strictEqual(whole.kind === "text" && whole.text.length, 65_536);
  });
});

Deno.test("secret_command() takes all that a program printed when it ends, though what it left behind holds its output", async () => {
  await withFolder(async (folder) => {
    const script = "sleep 60 & echo $! > pid; head -c 60000 /dev/zero | tr '\\0' a; echo b";
    const begin = performance.now();
    const read = await giveOf(script, folder);
    deepStrictEqual(read, { kind: "text", text: `${"a".repeat(60_000)}b` });
    ok(performance.now() - begin < 20_000);
  });
});

Deno.test("secret_command() tells the exit code of a program that failed and left something behind", async () => {
  await withFolder(async (folder) => {
    const read = await giveOf("sleep 60 & echo $! > pid; echo hidden; exit 3", folder);
    match(messageOf(read), /: it ended with 3$/);
  });
});

Deno.test("secret_command() ends a program that gives nothing within 30 seconds", async () => {
  await withFolder(async (folder) => {
    const asked: number[] = [];
    const hasty: Clock = {
      ...systemClock,
      sleep: (ms, signal) => {
        asked.push(ms);
        return systemClock.sleep(ms / 100, signal);
      },
    };
    const read = await giveOf("exec sleep 60", folder, hasty);
    match(messageOf(read), /: it gave none within 30 s$/);
    strictEqual(asked[0], 30_000);
  });
});

Deno.test("secret_command() takes no secret from which more comes after the program has ended, only the exit code of one that failed", async () => {
  await withFolder(async (folder) => {
    const drip = "(while :; do printf x; sleep 0.02; done) & echo $! > pid; printf one-";
    match(messageOf(await giveOf(drip, folder)), /: it has ended, and what it left behind prints on$/);
  });
  await withFolder(async (folder) => {
    const drip = "(while :; do printf x; sleep 0.02; done) & echo $! > pid; exit 3";
    match(messageOf(await giveOf(drip, folder)), /: it ended with 3$/);
  });
});

Deno.test("secret_command() lets a program that is late end what it has started, and kills one that does not", async () => {
  const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };
  const late = /: it gave none within 30 s$/;
  await withFolder(async (folder) => {
    const script = "trap 'echo over > told; exit 1' TERM; sleep 60 & echo $! > pid; wait";
    match(messageOf(await giveOf(script, folder, hasty)), late);
    strictEqual(await Deno.readTextFile(join(folder, "told")), "over\n");
  });
  await withFolder(async (folder) => {
    const script = "trap '' TERM; sleep 60 & echo $! > pid; while :; do wait; done";
    match(messageOf(await giveOf(script, folder, hasty)), late);
  });
});
