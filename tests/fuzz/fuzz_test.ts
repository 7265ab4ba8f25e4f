import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { failureText, fuzz } from "./fuzz.ts";
import { fuzzInput } from "./fuzz_input.ts";

Deno.test("fuzz() finds no law broken in 1,500 inputs", () => {
  const { failures } = fuzz({ seed: 1, count: 1_500, failureLimit: 3 });
  strictEqual(failures.map(failureText).join("\n"), "");
});

Deno.test("fuzz() finds a planted fault, shortens the input and says how to run it again", () => {
  const planted = (text: string): void => {
    if (/needs[^]*\[\*\]/.test(text)) throw new RangeError("planted");
  };
  const { failures } = fuzz({ seed: 1, count: 1_000, failureLimit: 1 }, planted);
  strictEqual(failures.length, 1);
  const [found] = failures;
  ok(found !== undefined);
  deepStrictEqual([found.text, found.reason], ["needs[*]", "RangeError: planted"]);
  match(failureText(found), new RegExp(`deno task fuzz --seed ${found.seed} --count 1$`));
});

Deno.test("fuzzInput() makes the same text of a seed each time, and a text of its own of each", () => {
  const texts = Array.from({ length: 200 }, (_, index) => fuzzInput(index + 1));
  deepStrictEqual(Array.from({ length: 200 }, (_, index) => fuzzInput(index + 1)), texts);
  ok(new Set(texts).size > 150);
});
