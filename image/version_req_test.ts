import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { compareVersions, nextVersion, parseVersion, type Version, versionText } from "./version.ts";
import { isWithin, parseVersionReq, rangesBetween, type VersionRange } from "./version_req.ts";

const BOUND = 3n;
const part = fc.bigInt({ min: 0n, max: BOUND });
const pre = fc.array(fc.constantFrom("0", "1", "10", "a", "b", "rc-1", "00a"), { maxLength: 2 });
const version: fc.Arbitrary<Version> = fc.record({ major: part, minor: part, patch: part, pre });

function versionOf(text: string): Version {
  const parsed = parseVersion(text);
  ok(parsed !== undefined, text);
  return parsed;
}

/** `from..to` of a requirement, or what is wrong with it. */
function rangeText(text: string): string {
  const range = parseVersionReq(text);
  if (!range.ok) return range.error;
  const { from, to } = range.value;
  return `${versionText(from)}..${to === undefined ? "" : versionText(to)}`;
}

Deno.test("parseVersion() takes versions of SemVer 2.0 and nothing else", () => {
  for (const text of ["0.0.0", "1.2.3-alpha.1+build.5", "18446744073709551615.0.0", "1.0.0--", "1.0.0-0a"]) {
    strictEqual(versionText(versionOf(text)), text.split("+")[0]);
  }
  for (
    const text of ["", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.x"]
  ) {
    strictEqual(parseVersion(text), undefined, text);
  }
});

Deno.test("compareVersions() orders as SemVer 2.0, section 11, gives it", () => {
  const inOrder = [
    "0.0.0-0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
  ];
  const shuffled = inOrder.toReversed().map(versionOf).toSorted(compareVersions);
  deepStrictEqual(shuffled.map(versionText), inOrder);
});

Deno.test("nextVersion() leaves no version between", () => {
  fc.assert(fc.property(version, version, (one, other) => {
    const next = nextVersion(one);
    ok(compareVersions(one, next) < 0);
    ok(compareVersions(other, one) <= 0 || compareVersions(other, next) >= 0);
  }));
});

Deno.test("parseVersionReq() reads every operator as RustSec does, pre-releases included", () => {
  strictEqual(rangeText(">= 1.2.3"), "1.2.3..");
  strictEqual(rangeText("> 1.2.3"), "1.2.4-0..");
  strictEqual(rangeText("> 1.2.3-rc.1"), "1.2.3-rc.1.0..");
  strictEqual(rangeText("< 1.2.3"), "0.0.0-0..1.2.3");
  strictEqual(rangeText("<= 1.2.3"), "0.0.0-0..1.2.4-0");
  strictEqual(rangeText("=1.2.3"), "1.2.3..1.2.4-0");
  strictEqual(rangeText("^ 1.2.3"), "1.2.3..2.0.0-0");
  strictEqual(rangeText("1.2"), "1.2.0..2.0.0-0");
  strictEqual(rangeText("^0.2.3"), "0.2.3..0.3.0-0");
  strictEqual(rangeText("^0.0.3"), "0.0.3..0.0.4-0");
  strictEqual(rangeText("^0.0"), "0.0.0..0.1.0-0");
  strictEqual(rangeText("^0"), "0.0.0..1.0.0-0");
  strictEqual(rangeText("~1.2.3"), "1.2.3..1.3.0-0");
  strictEqual(rangeText("~1"), "1.0.0..2.0.0-0");
  strictEqual(rangeText("< 1.2.3, >= 1.0"), "1.0.0..1.2.3");
});

Deno.test("parseVersionReq() refuses what does not say one range", () => {
  match(rangeText(">= 1, < 2, < 3"), /more than 2 bounds/);
  match(rangeText(">= 1, > 2"), /bounds one side twice/);
  match(rangeText("^1, < 2"), /"\^1" is a range by itself/);
  match(rangeText(">= 2, < 1"), /holds no version/);
  for (const text of ["", "*", "1.*", ">= x", "!= 1", ">= 1 < 2", "1.2.3.4", ">= 01", "9".repeat(400)]) {
    ok(!parseVersionReq(text).ok, text);
  }
});

Deno.test("rangesBetween() holds each version that the others do not, once", () => {
  const bounds = fc.uniqueArray(version, {
    minLength: 2,
    maxLength: 6,
    comparator: (one, other) => compareVersions(one, other) === 0,
  });
  fc.assert(fc.property(bounds, version, (versions, any) => {
    const sorted = versions.toSorted(compareVersions);
    const ranges: VersionRange[] = [];
    for (let index = 0; index + 1 < sorted.length; index += 2) {
      const [from, to] = [sorted[index], sorted[index + 1]];
      if (from !== undefined && to !== undefined) ranges.push({ from, to });
    }
    const between = rangesBetween(ranges.toReversed());
    ok(between.ok);
    strictEqual(isWithin(any, between.value), !isWithin(any, ranges));
  }));
});

Deno.test("rangesBetween() refuses ranges that overlap, and takes ranges that touch", () => {
  const range = (from: string, to: string) => ({ from: versionOf(from), to: versionOf(to) });
  ok(!rangesBetween([range("1.0.0", "2.0.0"), range("1.5.0", "3.0.0")]).ok);
  ok(!rangesBetween([{ from: versionOf("1.0.0"), to: undefined }, range("1.5.0", "3.0.0")]).ok);
  const touching = rangesBetween([range("2.0.0", "3.0.0"), range("1.0.0", "2.0.0")]);
  ok(touching.ok);
  strictEqual(touching.value.length, 2);
});
