import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { parse, TomlError } from "smol-toml";
import { newSmeltToml, setFirstRecord } from "./smelt_toml_edit.ts";
import { isTable, valueAt } from "./smelt_toml_table.ts";

const HASH = "ab".repeat(32);

function edits(title: string, before: string, after: string): void {
  Deno.test(`setFirstRecord() ${title}`, () => strictEqual(setFirstRecord(before, "prod", HASH), after));
}

edits(
  "replaces the value and keeps comments",
  `# mine\n[environments.prod] # live\nprotected = true\nfirst_record = "old" # pin\n`,
  `# mine\n[environments.prod] # live\nprotected = true\nfirst_record = "${HASH}" # pin\n`,
);
edits(
  "writes below the header of an environment that has none",
  `[environments.prod] # live\nprotected = true\n`,
  `[environments.prod] # live\nfirst_record = "${HASH}"\nprotected = true\n`,
);
edits(
  "writes below a header that ends the file",
  `[environments.prod]`,
  `[environments.prod]\nfirst_record = "${HASH}"\n`,
);
edits(
  "adds the environment at the end of the file",
  `[project]\nname = "x"\n`,
  `[project]\nname = "x"\n\n[environments.prod]\nfirst_record = "${HASH}"\n`,
);
edits("fills an empty file", "", `[environments.prod]\nfirst_record = "${HASH}"\n`);
edits(
  "keeps the line ends of the file",
  `[project]\r\nname = "x"`,
  `[project]\r\nname = "x"\r\n\r\n[environments.prod]\r\nfirst_record = "${HASH}"\r\n`,
);
edits(
  "writes into an inline environment",
  `[environments]\nprod = { protected = true }\n`,
  `[environments]\nprod = { first_record = "${HASH}", protected = true }\n`,
);
edits(
  "writes into an empty inline environment",
  `environments = { prod = {} }\n`,
  `environments = { prod = { first_record = "${HASH}" } }\n`,
);
edits(
  "adds an environment to an inline table",
  `environments = { test = {} }\n`,
  `environments = { prod = { first_record = "${HASH}" }, test = {} }\n`,
);
edits(
  "writes beside a dotted key",
  `[environments]\nprod.protected = true\n`,
  `[environments]\nprod.first_record = "${HASH}"\nprod.protected = true\n`,
);
edits(
  "writes beside a dotted key in an inline table",
  `environments = { prod.protected = true }\n`,
  `environments = { prod.first_record = "${HASH}", prod.protected = true }\n`,
);
edits(
  "adds an environment to dotted keys of another",
  `environments.test.protected = true\n`,
  `environments.test.protected = true\n\n[environments.prod]\nfirst_record = "${HASH}"\n`,
);
edits(
  "is not misled by text that looks like a header",
  `[project]\nname = """\n[environments.prod]\n"""\n`,
  `[project]\nname = """\n[environments.prod]\n"""\n\n[environments.prod]\nfirst_record = "${HASH}"\n`,
);
edits(
  "finds a quoted header",
  `[ environments . "pr\\u006fd" ]\n`,
  `[ environments . "pr\\u006fd" ]\nfirst_record = "${HASH}"\n`,
);

Deno.test("newSmeltToml() quotes the project's name", () => {
  const text = newSmeltToml({ name: 'a "b"\\', id: "1f", environment: "default", firstRecord: HASH });
  match(text, /^name = "a \\"b\\"\\\\"$/m);
  strictEqual(
    setFirstRecord(text, "default", "cd".repeat(32)),
    text.replace(HASH, "cd".repeat(32)),
  );
});

/** Lines that TOML allows in many orders; those that it does not allow together are left out. */
const LINES: readonly string[] = [
  "[environments]\n",
  "[environments.prod] # live\n",
  "[ environments . 'test' ]\n",
  "protected = true # x\n",
  'first_record = "old" # y\n',
  "first_record = '''o\nld'''\n",
  "environments.prod.protected = true\n",
  "environments = { prod = {}, test.protected = false }\n",
  "prod = { protected = true }\n",
  'test.first_record = "z"\n',
  '[project]\nname = "x # \\" ["\n',
  'x = [ "a]", { prod = 1 }, # c ]\n 3 ]\n',
  'z = """\n[environments.prod]\nfirst_record = "no"\n"""\n',
  "y = 1979-05-27 07:32:00Z\r\n",
];

Deno.test("setFirstRecord() sets one value and no other, whatever the form of the tables", () => {
  const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 6 });
  fc.assert(fc.property(lines, fc.constantFrom("prod", "test"), (parts, environment) => {
    const before = parseOrUndefined(parts.join(""));
    fc.pre(before !== undefined);
    const after = parse(setFirstRecord(parts.join(""), environment, HASH));
    strictEqual(valueAt(valueAt(after["environments"], environment), "first_record"), HASH);
    deepStrictEqual(withoutRecord(after, environment), withoutRecord(before, environment));
  }));
});

function parseOrUndefined(text: string): unknown {
  try {
    const parsed = parse(text);
    return parsed["first_record"] === undefined ? parsed : undefined;
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}

/** A document as lines of its leaves, but for the record that was set. */
function withoutRecord(value: unknown, environment: string, path = ""): readonly string[] {
  if (path === `.environments.${environment}.first_record`) return [];
  if (!isTable(value)) return [`${path} = ${inspect(value)}`];
  return Object.keys(value).flatMap((key) => withoutRecord(value[key], environment, `${path}.${key}`));
}
