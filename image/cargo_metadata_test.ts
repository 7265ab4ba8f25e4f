import { strictEqual } from "node:assert/strict";
import { choosePrograms, type ProgramChoice } from "./cargo_metadata.ts";

const NONE = { package: undefined, bins: [], examples: [] };

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
  choice: Partial<ProgramChoice> = {},
  manifest = "/w/web/Cargo.toml",
): string {
  const program = choosePrograms({ packages }, manifest, { ...NONE, ...choice });
  return program.ok
    ? `${program.value.packageId} ${program.value.kind} ${program.value.names.join()}`
    : program.error;
}

Deno.test("choosePrograms() takes what is asked for, else the default, else the only one", () => {
  strictEqual(chosen([crate("web", ["web"])]), "web 0.1.0 bin web");
  strictEqual(chosen([crate("web", ["one", "two"], { default_run: "two" })]), "web 0.1.0 bin two");
  strictEqual(chosen([crate("web", ["one", "two"])], { bins: ["one"] }), "web 0.1.0 bin one");
  strictEqual(
    chosen([crate("web", ["a", "b", "c"])], { bins: ["c", "a", "c"] }),
    "web 0.1.0 bin c,a",
  );
  strictEqual(chosen([crate("web", ["web"])], { examples: ["demo"] }), "web 0.1.0 example demo");
  strictEqual(chosen([crate("web", ["web"]), crate("api", ["api"])]), "web 0.1.0 bin web");
  strictEqual(
    chosen([crate("web", ["web"]), crate("api", ["api"])], { package: "api" }),
    "api 0.1.0 bin api",
  );
});

Deno.test("choosePrograms() names what there is, and what may be meant", () => {
  strictEqual(
    chosen([crate("web", ["one", "two"])]),
    'the package "web" has several programs: it has "one", "two"; name one with --bin or ?bin=NAME',
  );
  strictEqual(chosen([crate("web", [])]), 'the package "web" has no program');
  strictEqual(
    chosen([crate("web", ["server"])], { bins: ["sever"] }),
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
  const broken = choosePrograms(undefined, "", NONE);
  strictEqual(broken.ok ? "" : broken.error, "cargo knows no package there");
});
