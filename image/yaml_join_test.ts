import { strictEqual } from "node:assert/strict";
import { joinYaml } from "./yaml_join.ts";

const CASES: readonly (readonly [title: string, texts: readonly string[], joined: string])[] = [
  ["leaves one as it is", ["\uFEFFa: 1"], "\uFEFFa: 1"],
  ["puts --- between two", ["a: 1\n", "b: 1\n"], "a: 1\n---\nb: 1\n"],
  ["ends a line first", ["a: 1", "b: 1"], "a: 1\n---\nb: 1"],
  ["takes the line end of what is before", ["a: 1\r\n", "b: 1\n"], "a: 1\r\n---\r\nb: 1\n"],
  ["adds none before a ---, also behind comments", ["a: 1\n", "# c\n\n--- {}\n"], "a: 1\n# c\n\n--- {}\n"],
  [
    "adds none behind a --- or a ...",
    ["a: 1\n---\n", "b: 1\n...\n", "c: 1\n"],
    "a: 1\n---\nb: 1\n...\nc: 1\n",
  ],
  ["adds one behind a --- with something on it", ["--- a\n", "b: 1\n"], "--- a\n---\nb: 1\n"],
  [
    "ends a document before directives",
    ["a: 1\n", "%YAML 1.2\n---\nb: 1\n"],
    "a: 1\n...\n%YAML 1.2\n---\nb: 1\n",
  ],
  ["takes a byte-order mark out of the middle", ["a: 1\n", "\uFEFF---\nb: 1\n"], "a: 1\n---\nb: 1\n"],
  ["makes no document of nothing", ["", "a: 1\n", "\n", "", "b: 1\n"], "a: 1\n\n---\nb: 1\n"],
];

for (const [title, texts, joined] of CASES) {
  Deno.test(`joinYaml() ${title}`, () => strictEqual(joinYaml(texts), joined));
}
