/** What a resource is told when something is wrong with it names its fields, and no option of a command. */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { COMMANDS } from "../cli/command_table.ts";
import { inFields } from "../providers/oci/field_words.ts";

/** Files whose messages no resource can cause, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "image/cargo_args.ts": "further arguments of cargo: a resource has none",
  "image/label_selector.ts": "files of YAML",
  "providers/oci/build_notes.ts":
    "notes, and what is refused as not reproducible, which a resource does not ask for",
  "providers/oci/contents_place.ts": "what people name on the command line",
  "providers/oci/field_words.ts": "the table itself",
  "providers/oci/read_manifests.ts": "files of YAML",
};

const OPTIONS: ReadonlySet<string> = new Set(
  COMMANDS.filter(({ path }) => path[0] === "image").flatMap(({ options }) =>
    options.map(({ name }) => `--${name}`)
  ),
);

/** But for what is one argument of a program alone. */
function optionsIn(text: string): readonly string[] {
  return (text.replaceAll(/"--[a-z-]+"/g, "").match(/--[a-z][a-z-]*/g) ?? []).filter((each) =>
    OPTIONS.has(each)
  );
}

async function sourcesOf(folder: string): Promise<readonly string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".ts") && !name.includes("_test"))
    .map((name) => join(folder, name)).toSorted();
}

Deno.test("no message that a resource can cause names an option of a command", async () => {
  const files = [...await sourcesOf("image"), ...await sourcesOf("providers/oci")];
  const found: string[] = [];
  let count = 0;
  for (const file of files.filter((each) => !Object.hasOwn(ELSEWHERE, each))) {
    for (const [index, line] of (await Deno.readTextFile(file)).split("\n").entries()) {
      if (/^\s*(?:\/\/|\/?\*)/.test(line) || optionsIn(line).length === 0) continue;
      count++;
      if (optionsIn(inFields(line)).length > 0) found.push(`${file}:${index + 1}: ${inFields(line).trim()}`);
    }
  }
  deepStrictEqual(found, []);
  ok(count >= 15, `only ${count} lines name an option`);
  for (const file of Object.keys(ELSEWHERE)) ok(files.includes(file), `${file} is not there`);
});

Deno.test("what a resource has no field for is not offered to it", () => {
  const way = "Run: rustup target add T; or install it from your distribution";
  deepStrictEqual(
    inFields(`${way}; or say --link gnu-static; or say --install-targets`),
    `${way}; or say source.link = "gnu-static"`,
  );
  deepStrictEqual(
    inFields("Run: cargo generate-lockfile; or say --no-cargo-lock"),
    "Run: cargo generate-lockfile",
  );
  match(
    inFields("--audit off builds without looking"),
    /^supply\.audit\.policy = "off" builds without looking$/,
  );
});
