import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { comparePlatforms, findPlatform, parsePlatform, type Platform, platformText } from "./platform.ts";

function platforms(...texts: readonly string[]): readonly Platform[] {
  return texts.flatMap((text) => parsePlatform(text) ?? []);
}

Deno.test("parsePlatform() reads os, architecture and variant, and nothing else", () => {
  deepStrictEqual(parsePlatform("linux/arm/v7"), { os: "linux", architecture: "arm", variant: "v7" });
  strictEqual(platformText({ os: "linux", architecture: "amd64", variant: undefined }), "linux/amd64");
  for (const text of ["linux", "linux/", "linux/arm/7", "linux/arm/v7/x", "Linux/amd64", "linux/amd64 "]) {
    strictEqual(parsePlatform(text), undefined, text);
  }
});

Deno.test("findPlatform() takes arm64 and arm64/v8 for one, asks a variant of arm, and takes the first of several", () => {
  const find = (offered: readonly string[], wanted: string) => {
    const [platform] = platforms(wanted);
    return platform === undefined ? undefined : findPlatform(platforms(...offered), platform);
  };
  strictEqual(find(["linux/amd64", "linux/arm64/v8"], "linux/arm64"), 1);
  strictEqual(find(["linux/arm64"], "linux/arm64/v8"), 0);
  strictEqual(find(["linux/arm/v6", "linux/arm/v7"], "linux/arm/v7"), 1);
  strictEqual(find(["linux/arm/v6", "linux/arm/v7"], "linux/arm"), undefined);
  strictEqual(find(["linux/arm/v7"], "linux/arm"), 0);
  strictEqual(find(["linux/arm/v6"], "linux/arm/v7"), undefined);
  strictEqual(find(["windows/amd64", "linux/amd64", "linux/amd64"], "linux/amd64"), 1);
});

Deno.test("comparePlatforms() sorts by os, architecture and variant", () => {
  const sorted = platforms("linux/arm/v7", "linux/arm64", "darwin/arm64", "linux/arm/v6", "linux/amd64")
    .toSorted(comparePlatforms).map(platformText);
  deepStrictEqual(sorted, ["darwin/arm64", "linux/amd64", "linux/arm/v6", "linux/arm/v7", "linux/arm64"]);
});
