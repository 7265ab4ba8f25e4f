import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { builtExecutable, chooseProgram } from "./cargo_metadata.ts";

const NONE = { package: undefined, bin: undefined, example: undefined };

function crate(
  name: string,
  bins: readonly string[],
  rest: Readonly<Record<string, string>> = {},
): Record<string, string | readonly { readonly name: string; readonly kind: readonly string[] }[]> {
  const targets = [...bins.map((each) => ({ name: each, kind: ["bin"] })), {
    name: "demo",
    kind: ["example"],
  }, { name, kind: ["lib"] }];
  return { name, id: `${name} 0.1.0`, manifest_path: `/w/${name}/Cargo.toml`, targets, ...rest };
}

function chosen(
  packages: readonly ReturnType<typeof crate>[],
  choice: Partial<typeof NONE> | Record<string, string> = {},
  manifest = "/w/web/Cargo.toml",
): string {
  const program = chooseProgram({ packages }, manifest, { ...NONE, ...choice });
  return program.ok
    ? `${program.value.packageId} ${program.value.kind} ${program.value.name}`
    : program.error;
}

Deno.test("chooseProgram() takes what is asked for, else the default, else the only one", () => {
  strictEqual(chosen([crate("web", ["web"])]), "web 0.1.0 bin web");
  strictEqual(chosen([crate("web", ["one", "two"], { default_run: "two" })]), "web 0.1.0 bin two");
  strictEqual(chosen([crate("web", ["one", "two"])], { bin: "one" }), "web 0.1.0 bin one");
  strictEqual(chosen([crate("web", ["web"])], { example: "demo" }), "web 0.1.0 example demo");
  strictEqual(chosen([crate("web", ["web"]), crate("api", ["api"])]), "web 0.1.0 bin web");
  strictEqual(
    chosen([crate("web", ["web"]), crate("api", ["api"])], { package: "api" }),
    "api 0.1.0 bin api",
  );
});

Deno.test("chooseProgram() names what there is, and what may be meant", () => {
  strictEqual(
    chosen([crate("web", ["one", "two"])]),
    'the package "web" has several programs: it has "one", "two"; name one with --bin',
  );
  strictEqual(chosen([crate("web", [])]), 'the package "web" has no program');
  strictEqual(
    chosen([crate("web", ["server"])], { bin: "sever" }),
    'the package "web" has no bin "sever": it has "server"; did you mean "server"?',
  );
  strictEqual(
    chosen([crate("web", ["web"]), crate("api", ["api"])], {}, "/w/Cargo.toml"),
    'it is a workspace of several packages: "web", "api"; name one with --package',
  );
  strictEqual(
    chosen([crate("web", ["web"])], { package: "wep" }),
    'there is no package "wep": there are "web"; did you mean "web"?',
  );
  strictEqual(chosen([]), "cargo knows no package there");
  const broken = chooseProgram(undefined, "", NONE);
  strictEqual(broken.ok ? "" : broken.error, "cargo knows no package there");
});

Deno.test("builtExecutable() finds the very program among cargo's messages", () => {
  const program = {
    packageId: "web 0.1.0",
    manifestPath: "/s/Cargo.toml",
    package: "web",
    kind: "bin",
    name: "web",
  } as const;
  const artifact = (rest: Readonly<Record<string, unknown>>) =>
    JSON.stringify({
      reason: "compiler-artifact",
      package_id: "web 0.1.0",
      target: { name: "web", kind: ["bin"] },
      ...rest,
    });
  const lines = [
    "not json",
    artifact({ package_id: "other 0.1.0", executable: "/t/other" }),
    artifact({ target: { name: "web", kind: ["lib"] }, executable: null }),
    artifact({ target: { name: "web", kind: ["example"] }, executable: "/t/examples/web" }),
    artifact({ executable: "/t/web" }),
    '{"reason":"build-finished","success":true}',
  ];
  deepStrictEqual(builtExecutable(lines, program), "/t/web");
  deepStrictEqual(builtExecutable(lines.slice(0, 4), program), undefined);
  deepStrictEqual(builtExecutable(lines, { ...program, kind: "example" }), "/t/examples/web");
});
