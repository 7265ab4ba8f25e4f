import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { parse, TomlError } from "smol-toml";
import { cutEnvironment } from "./smelt_toml_cut.ts";
import {
  addEnvironment,
  type EnvironmentEntries,
  newSmeltToml,
  setEnvironmentValue,
  setFirstRecord,
  setPin,
  setSigningKey,
} from "./smelt_toml_edit.ts";
import { isTable, valueAt } from "./smelt_toml_table.ts";

const HASH = "ab".repeat(32);

function edits(title: string, before: string, after: string): void {
  Deno.test(`setFirstRecord() ${title}`, () => strictEqual(setFirstRecord(before, "prod", HASH), after));
}

Deno.test("setSigningKey() writes beside what is there, and keeps comments", () => {
  strictEqual(
    setSigningKey(`[environments.prod] # live\nfirst_record = "${HASH}" # pin\n`, "prod", "kms:alias/a"),
    `[environments.prod] # live\nsigning_key = "kms:alias/a"\nfirst_record = "${HASH}" # pin\n`,
  );
  strictEqual(
    setSigningKey(`environments = { prod = { signing_key = "old" } } # all\n`, "prod", "kms:alias/a"),
    `environments = { prod = { signing_key = "kms:alias/a" } } # all\n`,
  );
});

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

const ENTRIES: EnvironmentEntries = [
  ["layers", ["base", 'a "b"']],
  ["protected", true],
  ["vars", { owner: "ann", "two words": "x" }],
];
const TABLE = { layers: ["base", 'a "b"'], protected: true, vars: { owner: "ann", "two words": "x" } };

Deno.test("addEnvironment() writes a table at the end of the file, and inside an inline one", () => {
  strictEqual(
    addEnvironment("[project] # mine\n", "prod", ENTRIES),
    '[project] # mine\n\n[environments.prod]\nlayers = ["base", "a \\"b\\""]\nprotected = true\n\n' +
      '[environments.prod.vars]\nowner = "ann"\n"two words" = "x"\n',
  );
  strictEqual(
    addEnvironment("environments = { test = {} } # all\n", "prod", [["region", "eu"]]),
    'environments = { prod = { region = "eu" }, test = {} } # all\n',
  );
});

Deno.test("addEnvironment() puts one text in and leaves every other byte, whatever the form of the tables", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 6 }), (parts) => {
    const text = parts.join("");
    const before = parseOrUndefined(text);
    fc.pre(before !== undefined);
    const after = addEnvironment(text, "fresh", ENTRIES);
    const parsed = parse(after);
    deepStrictEqual(plain(valueAt(parsed["environments"], "fresh")), TABLE);
    deepStrictEqual(leavesBut(parsed, "fresh"), leavesBut(before, "fresh"));
    const same = [...after].findIndex((each, index) => each !== text[index]);
    strictEqual(after.slice(0, same) + after.slice(same + after.length - text.length), text);
  }));
});

Deno.test("cutEnvironment() takes one environment out and no other value, whatever the form of the tables", () => {
  const lines = fc.array(fc.constantFrom(...LINES), { maxLength: 6 });
  fc.assert(fc.property(lines, fc.constantFrom("prod", "test"), (parts, environment) => {
    const text = parts.join("");
    const before = parseOrUndefined(text);
    fc.pre(valueAt(valueAt(before, "environments"), environment) !== undefined);
    const after = parse(cutEnvironment(text, environment));
    strictEqual(valueAt(valueAt(after, "environments"), environment), undefined);
    deepStrictEqual(leavesBut(after, environment), leavesBut(before, environment));
  }));
});

/** Pieces of a file, each with the environment that it is of: what stays must stay byte for byte. */
const PIECES: readonly (readonly [environment: string, text: string])[] = [
  ["", '# of all\n\n[project] # p\nname = "x"\n\n'],
  ["prod", "# the live one\n# and dear\n[environments.prod] # live\nregion = 'eu' # r\n# below\n\n"],
  ["prod", '[environments.prod.vars]\n  # inner\nx = """\n[environments.test]\n"""\n\n\n'],
  ["test", "# for tests\n[environments.test]\nprotected = false\n\n"],
  ["test", "[ environments . 'test' . vars ] # v\ny = 'z'\n\n"],
  ["", "# a word about state\n\n# and one more\n[state]\nbackend = 'local'\n\n"],
  ["", "[environments.other]\n# only a comment\n\n"],
];

Deno.test("cutEnvironment() leaves every byte of what is not the environment's, comments included", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...PIECES]), fc.constantFrom("prod", "test"), (pieces, environment) => {
      fc.pre(pieces.some(([of]) => of === environment) && pieces.at(-1)?.[0] !== environment);
      const rest = pieces.filter(([of]) => of !== environment);
      strictEqual(cutEnvironment(textOf(pieces), environment), textOf(rest));
      const windows = cutEnvironment(textOf(pieces).replaceAll("\n", "\r\n"), environment);
      strictEqual(windows, textOf(rest).replaceAll("\n", "\r\n"));
    }),
  );
});

function textOf(pieces: typeof PIECES): string {
  return pieces.map(([, text]) => text).join("");
}

const CUTS: readonly (readonly [title: string, before: string, after: string])[] = [
  ["the last table, with the blank lines before it", "[a]\n\n\n[environments.prod]\nx = 1", "[a]\n"],
  [
    "an inline value with its line",
    "[environments]\n# p\nprod = {} # x\ntest = {}\n",
    "[environments]\ntest = {}\n",
  ],
  [
    "the first of an inline table",
    "environments = { prod = { x = 1 }, test = {} }\n",
    "environments = { test = {} }\n",
  ],
  [
    "the last of an inline table",
    "environments = { test = {}, prod = {} }\n",
    "environments = { test = {} }\n",
  ],
  ["the only one of an inline table", "environments = { prod = {} }\n", "environments = { }\n"],
  [
    "dotted keys",
    "environments.prod.a = 1\nenvironments.test.a = 1 # t\nenvironments.prod.b = 2\n",
    "environments.test.a = 1 # t\n",
  ],
  [
    "dotted keys of an inline table",
    "environments = { prod.a = 1, test = {}, prod.b = 2 }\n",
    "environments = { test = {} }\n",
  ],
];

for (const [title, before, after] of CUTS) {
  Deno.test(`cutEnvironment() takes out ${title}`, () => strictEqual(cutEnvironment(before, "prod"), after));
}

const PIN = { seq: 7, hash: HASH };
const PIN_TEXT = `pin = { seq = 7, hash = "${HASH}" }`;
const PINS: readonly (readonly [title: string, before: string, after: string])[] = [
  [
    "behind the first record",
    "# p\nfirst_record = 'x' # r\nregion = 'eu'\n",
    `# p\nfirst_record = 'x' # r\n${PIN_TEXT}\nregion = 'eu'\n`,
  ],
  ["at the end of the file", "first_record = 'x'", `first_record = 'x'\n${PIN_TEXT}\n`],
  ["in the place of another", "pin = { seq = 1, hash = 'x' } # p\n", `${PIN_TEXT} # p\n`],
  ["over dotted keys", "pin.seq = 1 # s\npin.hash = 'x'\n", `pin.seq = 7 # s\npin.hash = "${HASH}"\n`],
];

for (const [title, before, after] of PINS) {
  Deno.test(`setPin() writes ${title}`, () => {
    const header = "[environments.prod] # live\n";
    strictEqual(setPin(header + before, "prod", PIN), header + after);
  });
}

Deno.test("setPin() knows tables of their own, inline ones and dotted ones", () => {
  strictEqual(
    setPin("[environments.prod.pin]\nhash = 'x'\nseq = 1\n", "prod", PIN),
    `[environments.prod.pin]\nhash = "${HASH}"\nseq = 7\n`,
  );
  strictEqual(
    setPin("environments = { prod = { first_record = 'x', region = 'eu' } }\n", "prod", PIN),
    `environments = { prod = { first_record = 'x', ${PIN_TEXT}, region = 'eu' } }\n`,
  );
  strictEqual(
    setPin("[environments]\nprod.first_record = 'x'\n", "prod", PIN),
    `[environments]\nprod.first_record = 'x'\nprod.${PIN_TEXT}\n`,
  );
});

Deno.test("setEnvironmentValue() replaces a value where it stands, else writes it behind the first record", () => {
  const header = "[environments.prod] # live\n";
  const set = (text: string, entry: readonly [string, number | boolean]) =>
    setEnvironmentValue(header + text, "prod", entry).slice(header.length);
  strictEqual(set("first_record = 'x' # r\n", ["approvals", 2]), "first_record = 'x' # r\napprovals = 2\n");
  strictEqual(set("approvals = 3 # three\n", ["approvals", 0]), "approvals = 0 # three\n");
  strictEqual(set("protected = false\n", ["protected", true]), "protected = true\n");
  strictEqual(
    setEnvironmentValue("environments = { prod = { first_record = 'x' } }\n", "prod", ["protected", true]),
    "environments = { prod = { first_record = 'x', protected = true } }\n",
  );
});

/** A table with the prototype of literals. */
function plain(value: unknown): unknown {
  return isTable(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
    : value;
}

/** A document as lines of its leaves, but for one environment, in no order that a header could change. */
function leavesBut(value: unknown, environment: string): readonly string[] {
  return withoutRecord(value, "").filter((each) => !each.startsWith(`.environments.${environment}.`)).sort();
}

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
