import { deepStrictEqual, ok as assert, rejects, strictEqual } from "node:assert/strict";
import type { AppendAnswer, LogBackend } from "./log_backend.ts";

/** A store under test. Each `open` gives another client of the same store. */
export interface LogStore extends AsyncDisposable {
  open(): LogBackend;
}

const WRITER_COUNT = 20;
const LARGE_BYTES = 3_000_000;

/** What every log backend keeps, as tests: L1 to L4 of the port. */
export function testLogBackend(name: string, makeStore: () => Promise<LogStore>): void {
  const test = (criterion: string, body: (store: LogStore) => Promise<void>): void =>
    Deno.test(`${name} ${criterion}`, async () => {
      await using store = await makeStore();
      await body(store);
    });

  test("yields nothing for an environment without records", async (store) => {
    deepStrictEqual(await texts(store.open(), 1), []);
    deepStrictEqual(await store.open().environments(), []);
  });

  test("yields records in order, from any of them", async (store) => {
    const log = store.open();
    for (const [index, text] of ["one", "two", "three"].entries()) await append(log, index + 1, text);
    deepStrictEqual(await texts(log, 1), ["1 one", "2 two", "3 three"]);
    deepStrictEqual(await texts(log, 3), ["3 three"]);
    deepStrictEqual(await texts(log, 4), []);
  });

  test("L1: what was answered stored is there for every client", async (store) => {
    const answer = await append(store.open(), 1, "one");
    deepStrictEqual(answer, { kind: "stored", repaired: undefined });
    deepStrictEqual(await texts(store.open(), 1), ["1 one"]);
  });

  test("L2: of many writers of one seq exactly one is answered stored, and its record is there", async (store) => {
    await append(store.open(), 1, "one");
    const logs = Array.from(
      { length: WRITER_COUNT },
      (_, nth) => nth % 2 === 0 ? store.open() : store.open(),
    );
    const answers = await Promise.all(logs.map((log, nth) => append(log, 2, `writer ${nth}`)));
    const winners = answers.flatMap((answer, nth) => answer.kind === "stored" ? [nth] : []);
    strictEqual(winners.length, 1);
    assert(answers.every((answer) => answer.kind === "stored" || answer.kind === "taken"));
    deepStrictEqual(await texts(store.open(), 2), [`2 writer ${winners[0]}`]);
  });

  test("L2: writers of one client count as many", async (store) => {
    const log = store.open();
    const answers = await Promise.all(["a", "b", "c"].map((text) => append(log, 1, text)));
    deepStrictEqual(answers.map((answer) => answer.kind).sort(), ["stored", "taken", "taken"]);
  });

  test("L4: a seq that is taken keeps its record", async (store) => {
    const log = store.open();
    await append(log, 1, "one");
    deepStrictEqual(await append(log, 1, "other"), { kind: "taken" });
    deepStrictEqual(await append(store.open(), 1, "other"), { kind: "taken" });
    deepStrictEqual(await texts(log, 1), ["1 one"]);
  });

  test("rejects a record that leaves a gap", async (store) => {
    const log = store.open();
    await rejects(append(log, 2, "two"), /Cannot append record 2/);
    await append(log, 1, "one");
    await rejects(append(log, 3, "three"), /ends with record 1/);
    deepStrictEqual(await texts(log, 1), ["1 one"]);
  });

  test("goes on after another client has appended", async (store) => {
    const [mine, theirs] = [store.open(), store.open()];
    await append(mine, 1, "one");
    deepStrictEqual(await texts(theirs, 1), ["1 one"]);
    await append(theirs, 2, "two");
    deepStrictEqual(await append(mine, 2, "other"), { kind: "taken" });
    await append(mine, 3, "three");
    deepStrictEqual(await texts(theirs, 3), ["3 three"]);
  });

  test("keeps environments apart and names them", async (store) => {
    const log = store.open();
    for (const environment of ["prod", "dev"]) {
      await log.append(environment, 1, new TextEncoder().encode(environment));
    }
    deepStrictEqual([...await log.environments()].sort(), ["dev", "prod"]);
    deepStrictEqual(await texts(log, 1), ["1 dev"]);
  });

  test("stores large records as they are", async (store) => {
    const log = store.open();
    const large = "x".repeat(LARGE_BYTES);
    await append(log, 1, large);
    await append(log, 2, "two");
    deepStrictEqual((await texts(store.open(), 1)).map((text) => text.length), [LARGE_BYTES + 2, 5]);
  });

  test("keeps what it was given, whatever becomes of the caller's bytes", async (store) => {
    const log = store.open();
    const bytes = new TextEncoder().encode("one");
    await log.append("dev", 1, bytes);
    bytes.fill(0);
    for await (const stored of log.read("dev", 1)) stored.bytes.fill(0);
    deepStrictEqual(await texts(log, 1), ["1 one"]);
  });

  test("syncs what was read, also of an environment without records", async (store) => {
    const log = store.open();
    await log.sync("dev");
    await append(log, 1, "one");
    await log.sync("dev");
    deepStrictEqual(await texts(log, 1), ["1 one"]);
  });
}

function append(log: LogBackend, seq: number, text: string): Promise<AppendAnswer> {
  return log.append("dev", seq, new TextEncoder().encode(text));
}

async function texts(log: LogBackend, fromSeq: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { seq, bytes } of log.read("dev", fromSeq)) {
    found.push(`${seq} ${new TextDecoder().decode(bytes)}`);
  }
  return found;
}
