import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { newSmeltToml } from "./smelt_toml_edit.ts";
import { chooseEnvironment } from "./choose_environment.ts";
import { DEFAULT_PROJECT_CONFIG, parseSmeltToml } from "./smelt_toml.ts";
import { NO_IMAGE_CONFIG } from "./smelt_toml_image.ts";
import { bareEnvironment } from "./smelt_toml_environment.ts";
import { keyTables, LOCAL_KEYS, parseKmsReference } from "./smelt_toml_keys.ts";

const HASH = "0f".repeat(32);

/** The diagnostics as `line:column message`. */
function errorsOf(text: string): readonly string[] {
  const parsed = parseSmeltToml("smelt.toml", text);
  const hintOf = ({ hint }: { readonly hint?: string | undefined }) =>
    hint?.startsWith("Did") ? `: ${hint}` : "";
  return parsed.ok
    ? []
    : parsed.error.map((each) => `${each.line}:${each.column} ${each.message}${hintOf(each)}`);
}

Deno.test("parseSmeltToml() reads what `smelt init` writes", () => {
  const text = newSmeltToml({ name: "shop", id: "a1", environment: "prod", firstRecord: HASH });
  deepStrictEqual(parseSmeltToml("smelt.toml", text), {
    ok: true,
    value: {
      name: "shop",
      id: "a1",
      defaultEnvironment: "prod",
      environments: new Map([["prod", { ...bareEnvironment("prod"), firstRecord: HASH }]]),
      witnesses: { keys: [], required: 0 },
      callsPerSecond: new Map(),
      keys: LOCAL_KEYS,
      image: NO_IMAGE_CONFIG,
    },
  });
});

Deno.test("parseSmeltToml() implies the environment default when none is written down", () => {
  const parsed = parseSmeltToml("smelt.toml", '[project]\nname = "x"\n');
  deepStrictEqual(parsed, { ok: true, value: { ...DEFAULT_PROJECT_CONFIG, name: "x" } });
});

Deno.test("parseSmeltToml() reads how many calls a second a provider gets", () => {
  const text = '[project]\nname = "x"\n[providers.sim]\ncalls_per_second = 2.5\n[providers.local]\n';
  const parsed = parseSmeltToml("smelt.toml", text);
  deepStrictEqual(parsed.ok ? [...parsed.value.callsPerSecond] : [], [["sim", 2.5]]);
});

Deno.test("parseSmeltToml() reads where keys are, for all environments and for one", () => {
  const parsed = parseSmeltToml(
    "smelt.toml",
    '[project]\nname = "x"\n[signing]\nkey = "kms:alias/all"\n[secrets]\nkms_key = "alias/wrap"\n' +
      '[kms]\nregion = "eu-west-1"\n[environments.default]\n[environments.prod]\nsigning_key = "kms:alias/prod"\n',
  );
  if (!parsed.ok) throw new Error("the text is valid");
  const rest = { wrapping: "alias/wrap", region: "eu-west-1" };
  deepStrictEqual(
    [...parsed.value.environments].map(([name, { keys }]) => [name, keys]),
    [["default", { signing: "alias/all", ...rest }], ["prod", { signing: "alias/prod", ...rest }]],
  );
  deepStrictEqual(parsed.value.keys, { signing: "alias/all", ...rest });
});

Deno.test("keyTables() writes what parseSmeltToml() reads", () => {
  const text = newSmeltToml({ name: "shop", id: "a1", environment: "prod", firstRecord: HASH });
  const read = (more: string) => {
    const parsed = parseSmeltToml("smelt.toml", text + more);
    return parsed.ok ? parsed.value.keys : undefined;
  };
  strictEqual(keyTables(LOCAL_KEYS), "");
  const keys = { ...LOCAL_KEYS, signing: parseKmsReference("kms:alias/a"), region: "eu-west-1" };
  deepStrictEqual(read(keyTables(keys)), keys);
  deepStrictEqual(read(keyTables({ ...keys, wrapping: keys.signing })), { ...keys, wrapping: keys.signing });
});

/** 33 bytes in base64, the first of them the type of a key. */
const KEY_TEXT = (type: number) => new Uint8Array(33).fill(7).with(0, type).toBase64();
const WITNESS = `w.example/1+0a1b2c3d+${KEY_TEXT(4)}`;

Deno.test("parseSmeltToml() reads the checkpoint of an environment, and the witnesses of all", () => {
  const environment = `[environments.default]\nfirst_record = "${HASH}"\ncheckpoint = "kept/dev"\n`;
  for (const [line, required] of [["", 2], ["required = 1\n", 1]] as const) {
    const witnesses = `[witnesses]\nkeys = ["${WITNESS}", "other+00000000+${KEY_TEXT(4)}"]\n${line}`;
    const parsed = parseSmeltToml("smelt.toml", `[project]\nname = "x"\n${environment}${witnesses}`);
    const keys = [WITNESS, `other+00000000+${KEY_TEXT(4)}`];
    deepStrictEqual(parsed.ok ? parsed.value.environments.get("default")?.checkpoint : parsed, {
      file: "kept/dev",
      witnesses: { keys, required },
    });
  }
});

const WRONG: readonly (readonly [title: string, text: string, errors: readonly string[]])[] = [
  [
    "refuses a rate that is none",
    '[project]\nname = "x"\n[providers.sim]\ncalls_per_second = 0\n[providers.local]\ncalls_per_secnd = 1\n',
    [
      '4:1 Correct "providers.sim.calls_per_second": expected a number above 0, at most 10000, found 0',
      '6:1 Unknown key "calls_per_secnd" in "[providers.local]": Did you mean "calls_per_second"?',
    ],
  ],
  [
    "refuses witnesses that are none",
    `[project]\nname = "x"\n[witnesses]\nkeys = [\n"w+1+AA==",\n"w+0a1b2c3d+AA==",\n"w+0a1b2c3d+${
      KEY_TEXT(1)
    }"]\nrequired = 4\n`,
    [
      '5:1 Correct "witnesses.keys": expected name+id+key with an id of 8 hex digits, found "w+1+AA=="',
      '6:1 Correct "witnesses.keys": expected a key of 33 bytes in base64 behind "w+0a1b2c3d+"',
      '7:1 Correct "witnesses.keys": expected the key of a witness, of type 0x04, found one of type 0x01 of "w"',
      '8:1 Correct "witnesses.required": expected a whole number from 1 to 3, the number of keys, found 4',
    ],
  ],
  [
    "refuses unknown keys of witnesses, and a checkpoint without a log",
    '[project]\nname = "x"\n[environments.default]\ncheckpoint = "c"\n[witnesses]\nrequire = 1\n',
    [
      '4:1 Add "first_record" to "[environments.default]": it names the log that "checkpoint" is about',
      '5:1 Add "keys" to "[witnesses]"',
      '6:1 Unknown key "require" in "[witnesses]": Did you mean "required"?',
    ],
  ],
  ["names the place of broken TOML", '[project]\nname = "x\n', [
    '2:10 Cannot read "smelt.toml": control characters are not allowed in strings',
  ]],
  ["refuses an unknown table with a near name", '[project]\nname = "x"\n[enviroments.a]\n', [
    '3:1 Unknown key "enviroments" in smelt.toml: Did you mean "environments"?',
  ]],
  [
    "refuses unknown keys at every level",
    'stat = 1\n[project]\nnam = "x"\nname = "y"\n[environments.default]\nprotect = true\n',
    [
      '1:1 Unknown key "stat" in smelt.toml: Did you mean "state"?',
      '3:1 Unknown key "nam" in "[project]": Did you mean "name"?',
      '6:1 Unknown key "protect" in "[environments.default]": Did you mean "protected"?',
    ],
  ],
  [
    "names found and wanted kinds",
    '[project]\nname = 3\nid = []\n[environments.default]\nprotected = "yes"\nfirst_record = 1979-05-27\n',
    [
      '2:1 Correct "project.name": expected a string, found a number',
      '3:1 Correct "project.id": expected a string, found a list',
      '5:1 Correct "environments.default.protected": expected true or false, found a string',
      '6:1 Correct "environments.default.first_record": expected a string, found a date or time',
    ],
  ],
  [
    "refuses a pin that is no hash",
    `[project]\nname = "x"\n[environments.default]\nfirst_record = "${HASH.toUpperCase()}"\n`,
    [
      `4:1 Correct "environments.default.first_record": expected 64 lower-case hex digits, found "${HASH.toUpperCase()}"`,
    ],
  ],
  [
    "refuses keys that are none, and says what is one",
    '[project]\nname = "x"\n[signing]\nkey = "alias/a"\n[secrets]\nkms_key = "kms:alias/a"\nkms-key = 1\n' +
    '[kms]\nregion = "Frankfurt"\nregio = "x"\n[environments.default]\nsigning_key = true\n',
    [
      '4:1 Correct "signing.key": expected "kms:" and the ARN of a KMS key or alias, alias/NAME, or the id of a key, found "alias/a"',
      '6:1 Correct "secrets.kms_key": expected the ARN of a KMS key or alias, alias/NAME, or the id of a key, found "kms:alias/a"',
      '7:1 Unknown key "kms-key" in "[secrets]": Did you mean "kms_key"?',
      '9:1 Correct "kms.region": expected the name of a region of AWS, found "Frankfurt"',
      '10:1 Unknown key "regio" in "[kms]": Did you mean "region"?',
      '12:1 Correct "environments.default.signing_key": expected a string, found a boolean',
    ],
  ],
  ["wants a project with a name", "", ['1:1 Add a table "[project]" with a "name"']],
  ["wants a name", "# mine\n[project]\n", ['2:1 Add "name" to "[project]"']],
  [
    "refuses a bad environment name",
    '[project]\nname = "x"\n[environments.default]\n[environments."a/b"]\n',
    [
      '4:1 Rename the environment "a/b": found a name that is not 1 to 64 letters, digits, "-" and "_", a letter or digit first',
    ],
  ],
  [
    "refuses an unknown default environment with a near name",
    '[project]\nname = "x"\ndefault_environment = "prd"\n[environments.prod]\n',
    [
      '3:1 Unknown environment "prd" in "default_environment": Did you mean "prod"?',
    ],
  ],
  [
    "asks for a default environment when there is none of that name",
    '[project]\nname = "x"\n[environments.prod]\n',
    [
      '1:1 Set "default_environment": it is "default" when left out, which is not an environment of this project',
    ],
  ],
  [
    "takes no inherited name for a key",
    '[project]\nname = "x"\nconstructor = 1\n[environments.__proto__]\n',
    [
      '3:1 Unknown key "constructor" in "[project]"',
      '4:1 Rename the environment "__proto__": found a name that is not 1 to 64 letters, digits, "-" and "_", a letter or digit first',
    ],
  ],
  ["refuses an environment that is no table", '[project]\nname = "x"\n[environments]\ndefault = true\n', [
    '4:1 Correct "environments.default": expected a table, found a boolean',
  ]],
];

for (const [title, text, errors] of WRONG) {
  Deno.test(`parseSmeltToml() ${title}`, () => deepStrictEqual(errorsOf(text), errors));
}

Deno.test("chooseEnvironment() uses the default and refuses a name that is not there", () => {
  const parsed = parseSmeltToml(
    "smelt.toml",
    '[project]\nname = "x"\ndefault_environment = "test"\n[environments]\ntest = {}\nproduction = { protected = true }\n',
  );
  if (!parsed.ok) throw new Error("the text is valid");
  const chosen = chooseEnvironment(parsed.value, undefined);
  deepStrictEqual(chosen, { ok: true, value: { name: "test", ...bareEnvironment("test") } });
  deepStrictEqual(chooseEnvironment(parsed.value, "prodution"), {
    ok: false,
    error: {
      code: "E-UNKNOWN-ENV",
      message: 'Unknown environment "prodution"',
      hint: 'Did you mean "production"?',
    },
  });
  const other = chooseEnvironment(parsed.value, "staging");
  strictEqual(
    other.ok ? "" : other.error.hint,
    'smelt.toml holds "test", "production". To add it: smelt init staging',
  );
  const odd = chooseEnvironment(parsed.value, "../x");
  strictEqual(odd.ok ? "" : odd.error.message.slice(0, 29), 'Rename the environment "../x"');
});
