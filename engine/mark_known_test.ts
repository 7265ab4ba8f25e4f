import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { markKnown } from "./mark_known.ts";
import { isRecord, record, SealedSecret, Secret } from "./value.ts";

const carries = (text: string): boolean => text.includes("hunter22");

Deno.test("markKnown() makes secrets of texts that carry one, at any depth, and of what is named by one", () => {
  const told = record([
    ["url", "db://root:hunter22@host"],
    ["deep", [record([["er", ["hunter22", "x"]]])]],
    ["map", record([["hunter22", "a"], ["b", "c"]])],
    ["port", 22],
  ]);
  const marked = markKnown(told, carries, []);
  ok(marked["url"] instanceof Secret && marked["map"] instanceof Secret);
  deepStrictEqual(JSON.stringify(marked["deep"]), '[{"er":["(sensitive)","x"]}]');
  strictEqual(marked["port"], 22);
});

Deno.test("markKnown() leaves what was in clear before, as it was", () => {
  const before = record([["tags", record([["note", "hunter22"]])]]);
  const told = record([["tags", record([["note", "hunter22"], ["other", "hunter22!"]])]]);
  const { tags } = markKnown(told, carries, [undefined, before]);
  ok(isRecord(tags) && tags["note"] === "hunter22" && tags["other"] instanceof Secret);
});

Deno.test("markKnown() leaves out an object that is named by a secret and holds a sealed one", () => {
  const told = record([["map", record([["hunter22", new SealedSecret("b", "d")]])]]);
  strictEqual(markKnown(told, carries, [])["map"], null);
});
