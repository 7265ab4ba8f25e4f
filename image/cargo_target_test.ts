import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { rustFlags, rustTarget } from "./cargo_target.ts";
import { parsePlatform } from "./platform.ts";

Deno.test("rustTarget() knows Rust's names of platforms, for musl and for glibc", () => {
  const names = (text: string) => {
    const platform = parsePlatform(text);
    return platform === undefined ? [] : [rustTarget(platform, "musl"), rustTarget(platform, "gnu-static")];
  };
  deepStrictEqual(names("linux/amd64"), ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"]);
  deepStrictEqual(names("linux/amd64/v3"), ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"]);
  deepStrictEqual(names("linux/arm64/v8"), ["aarch64-unknown-linux-musl", "aarch64-unknown-linux-gnu"]);
  deepStrictEqual(names("linux/arm/v7"), ["armv7-unknown-linux-musleabihf", "armv7-unknown-linux-gnueabihf"]);
  deepStrictEqual(names("linux/riscv64"), ["riscv64gc-unknown-linux-musl", "riscv64gc-unknown-linux-gnu"]);
  deepStrictEqual(names("linux/arm"), [undefined, undefined]);
  deepStrictEqual(names("windows/amd64"), [undefined, undefined]);
});

Deno.test("rustFlags() keeps the user's flags, links all into the program, and hides this machine's paths", () => {
  const paths = {
    source: "/home/me/web",
    cargoHome: "/home/me/.cargo",
    target: "/tmp/t",
    sysroot: "/opt/rust",
  };
  const platform = { os: "linux", architecture: "amd64", variant: "v3" };
  const flags = rustFlags(["-C", "debuginfo=0"], platform, { link: "musl", paths });
  deepStrictEqual(flags.ok ? flags.value.split("\x1f") : [], [
    "-C",
    "debuginfo=0",
    "-C",
    "target-feature=+crt-static",
    "-C",
    "target-cpu=x86-64-v3",
    "--remap-path-prefix=/home/me/web=/src",
    "--remap-path-prefix=/home/me/.cargo=/cargo",
    "--remap-path-prefix=/tmp/t=/target",
    "--remap-path-prefix=/opt/rust=/rust",
  ]);
  const dynamic = rustFlags([], { ...platform, variant: undefined }, { link: "dynamic", paths });
  strictEqual(dynamic.ok && dynamic.value.includes("crt-static"), false as boolean);
  const spoilt = rustFlags([], platform, { link: "musl", paths: { ...paths, source: "/a\x1fb" } });
  strictEqual(
    spoilt.ok ? "" : spoilt.error,
    "a flag or a path holds the character 0x1f, which separates flags",
  );
});
