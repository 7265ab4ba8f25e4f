import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { cargoArgs, deniedCargoArg } from "./cargo_args.ts";

Deno.test("deniedCargoArg() lets pass what changes no program, and nothing that says what is built, how or where", () => {
  const allowed = [
    ["--offline", "-j1", "-j", "2", "--frozen", "-v", "-vv", "--timings", "--ignore-rust-version"],
    ["--features", "a,b", "--no-default-features", "--all-features", "-F", "Zip"],
    ["-FZip", "-vFZip", "-qj8", "--jobs=3", "--keep-going", "--color", "always"],
  ];
  for (const args of allowed) strictEqual(deniedCargoArg(args), undefined, args.join(" "));
  const denied = [
    ...["--target", "--target=x", "--target-dir=x", "--message-format=short", "--config", "--config=a.b=1"],
    ...["-Z", "-Zbuild-std", "-vZ", "-vqZx", "--artifact-dir", "--out-dir=x", "--manifest-path=x"],
    ...["-p", "-pweb", "--package=web", "--workspace", "--all", "--bins", "--bin=x", "--example", "--lib"],
    ...["-r", "--release", "--profile=dev", "-C", "-Cx", "-C/etc", "--exclude", "--all-targets", "+nightly"],
  ];
  for (const arg of denied) {
    match(deniedCargoArg(["-v", arg]) ?? "let pass", /^".+" for cargo: [a-z]/, arg);
  }
});

Deno.test("cargoArgs() names all programs, and puts the user's own behind", () => {
  const programs = {
    packageId: "x",
    manifestPath: "/w/Cargo.toml",
    package: "web",
    kind: "bin",
    names: ["a", "b"],
    workspaceRoot: "/w",
  } as const;
  const parts = {
    programs,
    target: "T",
    targetFolder: "/t",
    profile: "small",
    features: ["x", "y"],
    defaultFeatures: "left",
    lockFile: "required",
    more: ["-j1"],
  } as const;
  const said = (changes: Partial<Parameters<typeof cargoArgs>[1]> = {}) =>
    cargoArgs("build", { ...parts, ...changes }).join(" ");
  strictEqual(
    said(),
    "build --locked --package web --bin a --bin b --profile small --target T --target-dir /t " +
      "--message-format json-render-diagnostics --features x,y --no-default-features -j1",
  );
  strictEqual(
    said({ lockFile: "optional", features: [], defaultFeatures: "used", more: [] }),
    "build --package web --bin a --bin b --profile small --target T --target-dir /t " +
      "--message-format json-render-diagnostics",
  );
  deepStrictEqual(cargoArgs("zigbuild", parts)[0], "zigbuild");
});
