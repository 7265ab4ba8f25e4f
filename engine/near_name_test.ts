import { strictEqual } from "node:assert/strict";
import { nearName } from "./near_name.ts";

const KINDS = ["network", "subnet", "instance", "bucket", "db"];

const TABLE: readonly (readonly [string, string | undefined])[] = [
  ["netwrok", "network"], // two neighbours swapped
  ["networ", "network"], // one left out
  ["networkk", "network"], // one too many
  ["subnat", "subnet"], // one another
  ["Bucket", "bucket"],
  ["bukcte", "bucket"], // a third of six is two
  ["bkte", undefined], // two of four are too many
  ["d", "db"],
  ["dv", "db"],
  ["cache", undefined],
  ["", undefined],
  ["network", undefined], // itself is no suggestion
];

for (const [name, found] of TABLE) {
  Deno.test(`nearName() suggests ${found ?? "nothing"} for "${name}"`, () => {
    strictEqual(nearName(name, KINDS), found);
  });
}

Deno.test("nearName() takes the nearest, and of equals the first", () => {
  strictEqual(nearName("abcdef", ["abcxyf", "abcdex"]), "abcdex");
  strictEqual(nearName("ab", ["ax", "bb"]), "ax");
  strictEqual(nearName("ab", ["bb", "ax"]), "bb");
});

Deno.test("nearName() counts characters, not UTF-16 units", () => {
  strictEqual(nearName("🌍", ["🌎"]), "🌎");
  strictEqual(nearName("🌍🌍", ["🌍🌎"]), "🌍🌎");
});

Deno.test("nearName() finds nothing near a name that is as long as a file", () => {
  strictEqual(nearName("x".repeat(50_000_000), ["x"]), undefined);
  strictEqual(nearName("x".repeat(200), ["x".repeat(199)]), "x".repeat(199));
});

Deno.test("nearName() looks at long lists of long names in time", () => {
  const candidates = Array.from({ length: 2_000 }, (_, index) => `resource_number_${index}_of_many`);
  strictEqual(nearName("resource_number_1999_of_mnay", candidates), "resource_number_1999_of_many");
});
