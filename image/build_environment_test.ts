import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { buildEnvironment, isCredential, variableFault } from "./build_environment.ts";

Deno.test("buildEnvironment() lets in what finds programs, what is listed, and nothing else of this machine", () => {
  const here: Readonly<Record<string, string>> = {
    PATH: "/bin",
    HOME: "/home/me",
    LANG: "de_AT.UTF-8",
    TZ: "Europe/Vienna",
    RUSTFLAGS: "-C debuginfo=2",
    RUSTC_WRAPPER: "sccache",
    CARGO_BUILD_JOBS: "3",
    CARGO_REGISTRIES_MINE_TOKEN: "canary",
    SECRET: "canary",
    CC: "clang",
  };
  const made = (listed: Parameters<typeof buildEnvironment>[1]["listed"], epoch?: number) =>
    buildEnvironment((name) => here[name], { epoch, listed });
  const usual = {
    PATH: "/bin",
    HOME: "/home/me",
    LANG: "C.UTF-8",
    TZ: "UTC",
    CARGO_INCREMENTAL: "0",
    SOURCE_DATE_EPOCH: "0",
  };
  deepStrictEqual(made([]), usual);
  deepStrictEqual(made([], 7), { ...usual, SOURCE_DATE_EPOCH: "7" });
  const listed = [
    { name: "CC", value: undefined },
    { name: "ABSENT", value: undefined },
    { name: "RUSTC_WRAPPER", value: undefined },
    { name: "OPENSSL_STATIC", value: "1" },
  ];
  deepStrictEqual(made(listed), { ...usual, CC: "clang", RUSTC_WRAPPER: "sccache", OPENSSL_STATIC: "1" });
});

Deno.test("variableFault() refuses what a build sets itself, and credentials that every user could read", () => {
  const fault = (name: string, value?: string) => variableFault({ name, value });
  for (
    const name of ["CC", "RUSTC_WRAPPER", "CARGO_BUILD_JOBS", "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER"]
  ) {
    strictEqual(fault(name, "x"), undefined, name);
  }
  const own = [
    ...["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_TARGET_DIR", "TMPDIR", "TZ"],
    ...[
      "CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS",
      "SOURCE_DATE_EPOCH",
      "LC_ALL",
      "CARGO_BUILD_TARGET",
    ],
  ];
  for (const name of own) match(fault(name) ?? "let pass", /: a build sets it itself; /, name);
  match(fault("A-B") ?? "", /wanted NAME or NAME=VALUE/);
  match(
    fault("CARGO_REGISTRIES_MINE_TOKEN", "canary") ?? "",
    /every user of this machine could read: give the name alone/,
  );
  strictEqual(fault("CARGO_REGISTRIES_MINE_TOKEN"), undefined);
  deepStrictEqual(
    ["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_MY_ONE_TOKEN", "DB_PASSWORD", "CC", "TOKENS"].map(
      isCredential,
    ),
    [true, true, true, false, false],
  );
});
