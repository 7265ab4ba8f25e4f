import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { format } from "./format.ts";
import { expand } from "./expand.ts";
import { exampleContext, resourceLine } from "./expand_example.ts";
import { maskedText } from "./masked_text.ts";
import { parse } from "./parse.ts";
import { type ReadSecret, unreadSecret, type WantedSecret } from "./secret_source.ts";
import { shownLine } from "./shown_line.ts";
import { sourceText } from "./source_text.ts";
import { treeJson } from "./tree_json.ts";

const KEY = "0".repeat(32);
const CIPHERTEXT = `enc:smelt:1:${KEY}:abc`;

function expanded(text: string, secret: ReadSecret, layers: readonly string[] = []) {
  const { tree, diagnostics } = parse(sourceText("a.smelt", text));
  const made = expand([tree], { ...exampleContext(undefined, { layers }), secret });
  const found = [...diagnostics, ...made.diagnostics];
  return {
    resources: made.desired.resources.map(resourceLine),
    errors: found.map((each) => `${each.code} ${each.line}:${each.column} ${each.message}`),
  };
}

/** What a text asks for, in order. */
function wantedOf(text: string, layers: readonly string[] = []): readonly WantedSecret[] {
  const wanted: WantedSecret[] = [];
  const { errors } = expanded(text, (each) => {
    wanted.push(each);
    return "read";
  }, layers);
  deepStrictEqual(errors, []);
  return wanted;
}

Deno.test("expand() asks for each kind of secret where it stands, and makes a secret of the answer", () => {
  const text = 'resource a "b" : x.y.Z {\n  e = secret_env("PW")\n  f = secret_file("keys/pw.txt")\n' +
    '  c = secret_command("pass", "show", "db")\n}\n';
  const asked: WantedSecret[] = [];
  const { resources, errors } = expanded(text, (each) => {
    asked.push(each);
    return `from ${each.source.kind}`;
  });
  deepStrictEqual(errors, []);
  deepStrictEqual(resources, ['a.b {e=secret("from env") f=secret("from file") c=secret("from command")}']);
  deepStrictEqual(asked, [
    { source: { kind: "env", name: "PW" }, origin: "a.smelt:2:7" },
    { source: { kind: "file", path: "keys/pw.txt" }, origin: "a.smelt:3:7" },
    { source: { kind: "command", program: "pass", args: ["show", "db"] }, origin: "a.smelt:4:7" },
  ]);
});

Deno.test("expand() taints a text that an argument from outside flows into", () => {
  const text =
    'component "c" { param pw : String\n resource a "b" : x.y.Z { url = "db://${param.pw}@h" } }\n' +
    'use "c" as "one" { pw = secret_env("PW") }\n';
  const { resources } = expanded(text, () => "hunter2");
  deepStrictEqual(resources, ['one__a.b {url=secret("db://hunter2@h")}']);
});

Deno.test("expand() asks for nothing that an unused component or a layer of another environment wants", () => {
  const text = 'component "c" { param pw : String = secret_command("rm")\n resource a "b" : x.y.Z { } }\n' +
    'layer "prod" over "base" { override a.* { pw = secret_file("prod.txt") } }\n' +
    'resource a "d" : x.y.Z { }\n';
  deepStrictEqual(wantedOf(text), []);
  deepStrictEqual(wantedOf(text, ["prod"]).map(({ source }) => source), [{ kind: "file", path: "prod.txt" }]);
});

Deno.test("expand() says where a secret that cannot be had is asked for", () => {
  const { errors } = expanded(
    'resource a "b" : x.y.Z {\n  f = secret_file("pw.txt")\n}\n',
    () => ({ fault: { message: "Cannot read the secret" } }),
  );
  deepStrictEqual(errors, ["E-SECRET 2:7 Cannot read the secret"]);
});

Deno.test("E6: expand() tells each ciphertext's own place, wherever it may stand", () => {
  const text = `resource db "main" : x.y.Z {
  password = secret("${CIPHERTEXT}")
  auth { list = ["a", secret("${CIPHERTEXT}")] tags = { "x y" = secret("${CIPHERTEXT}") } }
}
component "web" {
  param pw : String = secret("${CIPHERTEXT}")
  param other : String
  resource box "in" : x.y.Z { a = param.pw b = param.other c = secret("${CIPHERTEXT}") }
}
use "web" as "blue" { other = secret("${CIPHERTEXT}") }
layer "prod" over "base" { override db.* { auth { pw = secret("${CIPHERTEXT}") } } }
`;
  const places = wantedOf(text, ["prod"]).map(({ source }) =>
    source.kind === "ciphertext" ? source.place : ""
  );
  deepStrictEqual([...new Set(places)].sort(), [
    "component web box.in.c",
    "component web.pw",
    "db.main.auth.list[1]",
    "db.main.auth.tags.x y",
    "db.main.password",
    "layer prod db.*.auth.pw",
    "use blue.other",
  ]);
});

Deno.test("E7: a ciphertext outside of secret() is an error, not a text", () => {
  const { errors } = expanded(
    `resource a "b" : x.y.Z { pw = "${CIPHERTEXT}" e = env("SEALED", "enc:smelt:x") }`,
    unreadSecret,
  );
  deepStrictEqual(errors, [
    'E-SECRET 1:31 Put the ciphertext into secret("…"): outside of it no text may begin with "enc:smelt:"',
    'E-SECRET 1:86 Put the ciphertext into secret("…"): outside of it no text may begin with "enc:smelt:"',
  ]);
});

Deno.test("The words of secrets are plain names where no value is expected", () => {
  const text =
    'resource secret_env "secret_file" : x.y.Z {\n  secret_command = 1\n  secret_file { secret_env = "x" }\n}\n';
  const { resources, errors } = expanded(text, unreadSecret);
  deepStrictEqual(errors, []);
  deepStrictEqual(resources, ['secret_env.secret_file {secret_file={secret_env="x"} secret_command=1}']);
});

for (
  const [written, message] of [
    ["secret_env()", 'Cannot read secret_env(): expected a variable\'s name as a string, found ")"'],
    ['secret_env("A", "B")', 'Cannot read secret_env(): expected ")", found ","'],
    [
      "secret_file(path)",
      "Cannot read secret_file(): expected a path as a string, found a word without quotes",
    ],
    ['secret_command("a",)', 'Cannot read secret_command(): expected an argument as a string, found ")"'],
    [
      'secret_command("a", hunter2)',
      "Cannot read secret_command(): expected an argument as a string, found a word without quotes",
    ],
    ["secret_fil(x)", "Cannot read the value: expected a value, found a word"],
  ] as const
) {
  Deno.test(`parse() refuses ${written}`, () => {
    const { diagnostics: [first] } = parse(
      sourceText("a.smelt", `resource a "b" : x.y.Z { k = ${written} }`),
    );
    strictEqual(first?.message, message);
  });
}

Deno.test("parse() names the word that was meant", () => {
  const { diagnostics: [first] } = parse(
    sourceText("a.smelt", 'resource a "b" : x.y.Z { k = secret_fil("x") }'),
  );
  strictEqual(first?.hint, 'did you mean "secret_file"?');
});

const SHOWN =
  'resource a "b" : x.y.Z {\n  k = secret_command("pass", "--token=hunter2")\n  l = [secret_env("PW")]\n}\n';

Deno.test("format() of secrets from outside is their plain form", () => {
  const { tree } = parse(
    sourceText(
      "a.smelt",
      'resource a "b":x.y.Z { k=secret_command ( "pass" , """a\n b""" ) l=secret_file("x") }',
    ),
  );
  strictEqual(
    format(tree),
    'resource a "b" : x.y.Z {\n  k = secret_command("pass", "a\\n b")\n  l = secret_file("x")\n}\n',
  );
});

Deno.test("Arguments of a command are shown nowhere", () => {
  const source = sourceText("a.smelt", SHOWN);
  const masked = maskedText(source, new Set());
  strictEqual(masked.split("\n")[1], '  k = secret_command("pass", "•••••••••••••••")');
  strictEqual(masked.split("\n")[2], '  l = [secret_env("PW")]');
  const line = shownLine(source, 2, { start: 0, end: source.text.length });
  strictEqual(line, '  k = secret_command("pass", "•••••••••••••••")');
  const json = JSON.stringify(treeJson(parse(source).tree, new Set()));
  ok(!json.includes("hunter2"));
  ok(json.includes('{"SecretCommand":{"program":"pass","args":["(sensitive)"]}}'), json);
});
