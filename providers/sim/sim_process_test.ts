import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { quiet, tokenOf, valueOf } from "../test_calls.ts";
import { readLedger } from "./ledger.ts";
import { simProvider } from "./sim_provider.ts";
import { noFaults, testClock, testRandom } from "./_test_world.ts";

const CHILD = fileURLToPath(new URL("./_sim_child.ts", import.meta.url));

/** Runs a program that creates `count` queues under the tokens from `first` on. */
function runChild(
  folder: string,
  first: number,
  count: number,
  faults: readonly object[],
): Deno.ChildProcess {
  const program = [
    "run",
    "-q",
    "--no-prompt",
    "--no-check",
    `--allow-read=${folder}`,
    `--allow-write=${folder}`,
  ];
  const own = [CHILD, folder, String(first), String(count), JSON.stringify(faults)];
  return new Deno.Command(Deno.execPath(), { args: [...program, ...own], stdout: "piped", stderr: "piped" })
    .spawn();
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function ledgerIn(folder: string) {
  return readLedger(await Deno.readTextFile(`${folder}/journal.jsonl`));
}

function openIn(folder: string) {
  return simProvider({ folder, clock: testClock(), random: testRandom(), faults: noFaults });
}

Deno.test("two programs at one time share a world: all is there once, and both see it", () =>
  withFolder(async (folder) => {
    const children = [runChild(folder, 1000, 100, []), runChild(folder, 2000, 100, [])];
    const outputs = await Promise.all(children.map((child) => child.output()));
    deepStrictEqual(outputs.map((each) => new TextDecoder().decode(each.stderr)), ["", ""]);
    const printed = outputs.flatMap((each) => new TextDecoder().decode(each.stdout).trimEnd().split("\n"));
    const { live, objects } = await ledgerIn(folder);
    deepStrictEqual(live.map((each) => each.id).sort(), printed.sort());
    deepStrictEqual([objects.length, new Set(objects.map((each) => each.token)).size], [200, 200]);
    deepStrictEqual(valueOf(await openIn(folder).list({ type: "sim.Queue" }, quiet())).length, 200);
  }));

for (const [effect, wanted] of [["crashBefore", 4], ["crashAfter", 5]] as const) {
  Deno.test(`a program killed by ${effect} leaves what was committed, and the next one goes on`, () =>
    withFolder(async (folder) => {
      const first = await runChild(folder, 1000, 4, []).output();
      ok(first.success);
      const faults = [{ operation: "create", nth: 1, effect }];
      const killed = await runChild(folder, 2000, 1, faults).output();
      deepStrictEqual([killed.signal, new TextDecoder().decode(killed.stdout)], ["SIGKILL", ""]);
      deepStrictEqual((await ledgerIn(folder)).live.length, wanted);
      const again = await runChild(folder, 2000, 1, faults).output();
      ok(again.success);
      const { live } = await ledgerIn(folder);
      deepStrictEqual(live.length, 5);
      deepStrictEqual(new TextDecoder().decode(again.stdout), `${live.at(-1)?.id}\n`);
    }));
}

Deno.test("a program killed in mid-write at any moment leaves a journal that the next one goes on with", () =>
  withFolder(async (folder) => {
    for (let round = 1; round <= 3; round++) {
      const child = runChild(folder, 1000 * round, 5000, []);
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill("SIGKILL");
      await reader.cancel();
      await child.stderr.cancel();
      await child.status;
      const sim = openIn(folder);
      const listed = valueOf(await sim.list({ type: "sim.Queue" }, quiet()));
      const request = {
        type: "sim.Queue",
        fields: {},
        token: tokenOf(9_000 + round),
        accepted: () => undefined,
      };
      valueOf(await sim.create(request, quiet()));
      deepStrictEqual((await ledgerIn(folder)).live.length, listed.length + 1);
    }
  }));
