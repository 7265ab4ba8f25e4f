import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openLab, ToyEngine } from "../tests/support/toy_engine.ts";

const NET = { type: "toy.Token", fields: { name: "net" } };

Deno.test("executeRun() makes what the files want, in the order of needs, and a second plan is empty", async () => {
  const lab = await openLab();
  const engine = await ToyEngine.open(lab);
  const stack = {
    "net.a": NET,
    "vm.b": { type: "toy.Token", fields: { size: 1 }, needs: { parent: "net.a.id" } },
  };
  const result = await engine.apply(stack);
  strictEqual(result.kind, "ended");
  strictEqual(result.kind === "ended" && result.end, "succeeded");
  deepStrictEqual(lab.cloud.alive.map((each) => each.versions.at(-1)?.fields["parent"]), [
    undefined,
    "token-1",
  ]);
  const before = engine.journal.head.seq;
  deepStrictEqual(await engine.apply(stack), { kind: "nothing" });
  strictEqual(engine.journal.head.seq, before);
});
