import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { configBreaches } from "./config_breaches.ts";
import { programBreaches } from "./program_breaches.ts";
import { lockBreaches } from "./lock_breaches.ts";
import { secretBreaches } from "./secret_breaches.ts";
import { checkSupply, scriptBreaches } from "./supply.ts";
import { BANNED_BUILTINS, BANNED_PACKAGES, SECRET_SHAPES } from "./supply_policy.ts";

/** The exit code of the gate in a temporary folder with the project's own lock and configuration, and `files`. */
function exitCodeWith(files: Readonly<Record<string, string>>): number {
  const root = Deno.makeTempDirSync();
  try {
    for (const name of ["deno.json", "deno.lock"]) Deno.copyFileSync(name, `${root}/${name}`);
    for (const [path, text] of Object.entries(files)) {
      Deno.mkdirSync(`${root}/${path.slice(0, path.lastIndexOf("/") + 1)}`, { recursive: true });
      Deno.writeTextFileSync(`${root}/${path}`, text);
    }
    return checkSupply(root);
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

Deno.test("checkSupply() passes a clean tree, and fails on one planted breach, in a file that starts with a dot too", () => {
  strictEqual(exitCodeWith({ "engine/a.ts": "export const A = 1;\n" }), 0);
  strictEqual(exitCodeWith({ "engine/a.ts": 'import "node:tls";\n' }), 1);
  strictEqual(exitCodeWith({ ".env": "" }), 1);
  strictEqual(exitCodeWith({ "deno.json": '{ "nodeModulesDir": "auto", "lock": { "frozen": true } }' }), 1);
});

const INTEGRITY = `sha512-${"A".repeat(86)}==`;

interface Lock {
  version: string;
  specifiers: Record<string, string>;
  npm: Record<string, Record<string, unknown>>;
  [part: string]: unknown;
}

/** Breaches of a small good lock of `a`, which needs `b`, after `damage`. */
function breachesAfter(damage: (lock: Lock) => void, imports: Record<string, string> = { a: "npm:a@1.0.0" }) {
  const lock: Lock = {
    version: "5",
    specifiers: { "npm:a@1.0.0": "1.0.0" },
    npm: { "a@1.0.0": { integrity: INTEGRITY, dependencies: ["b"] }, "b@2.0.0": { integrity: INTEGRITY } },
  };
  damage(lock);
  return lockBreaches(JSON.stringify(lock), JSON.stringify({ imports }));
}

Deno.test("lockBreaches() passes the lock and the configuration of the project, and a good small one", () => {
  deepStrictEqual(lockBreaches(Deno.readTextFileSync("deno.lock"), Deno.readTextFileSync("deno.json")), []);
  deepStrictEqual(breachesAfter(() => {}), []);
});

Deno.test("S1: a package without a SHA-512, or from elsewhere than npm, is named", () => {
  for (const integrity of [undefined, "", "sha1-AAAA", "sha512-AAAA", `sha256-${"A".repeat(43)}=`]) {
    const found = breachesAfter(({ npm }) => {
      npm["b@2.0.0"] = { integrity };
    });
    deepStrictEqual(found, ["b@2.0.0 has no SHA-512 in deno.lock"]);
  }
  for (const part of ["jsr", "remote", "redirects", "links", "patches"]) {
    const found = breachesAfter((lock) => {
      lock[part] = {};
    });
    deepStrictEqual(found, [`deno.lock holds "${part}": packages come from npm and from nowhere else`]);
  }
  const tarball = breachesAfter(({ npm }) => {
    npm["b@2.0.0"] = { integrity: INTEGRITY, tarball: "b.tgz" };
  });
  deepStrictEqual(tarball, [
    'b@2.0.0 has "tarball" in deno.lock: it was fetched from a place that is not its registry',
  ]);
});

Deno.test("S1: a lock of an unknown form is not taken for a good one", () => {
  const found = breachesAfter((lock) => {
    lock.version = "6";
  });
  deepStrictEqual(found, ['deno.lock has the version "6", the gate knows 5']);
});

Deno.test("S2: what is imported and not locked, locked and not imported, or needed and not locked is named", () => {
  deepStrictEqual(breachesAfter(() => {}, { a: "npm:a@1.0.0", c: "npm:c@1.0.0" }), [
    'deno.json imports "npm:c@1.0.0", which deno.lock does not hold',
  ]);
  deepStrictEqual(breachesAfter(() => {}, {}), [
    'deno.lock holds "npm:a@1.0.0", which deno.json does not import',
  ]);
  deepStrictEqual(
    breachesAfter(({ npm }) => {
      delete npm["b@2.0.0"];
    }),
    ["a@1.0.0 needs b, which deno.lock does not hold"],
  );
  deepStrictEqual(
    breachesAfter(({ npm }) => {
      npm["c@1.0.0"] = { integrity: INTEGRITY };
    }),
    ["c@1.0.0 is locked and nothing needs it"],
  );
  deepStrictEqual(
    breachesAfter(({ specifiers }) => {
      specifiers["npm:a@1.0.0"] = "1.0.1";
    }),
    [
      'deno.lock holds a@1.0.1 for "npm:a@1.0.0"',
      "a@1.0.0 is locked and nothing needs it",
      "b@2.0.0 is locked and nothing needs it",
    ],
  );
});

Deno.test("S2: peers, aliases, optional packages and paths into a package are understood", () => {
  const found = breachesAfter(({ npm, specifiers }) => {
    specifiers["npm:c@1.0.0"] = "1.0.0_a@1.0.0";
    npm["c@1.0.0_a@1.0.0"] = {
      integrity: INTEGRITY,
      dependencies: ["a", "other@npm:b@2.0.0"],
      optionalDependencies: ["d"],
    };
    npm["d@1.0.0"] = { integrity: INTEGRITY, os: ["darwin"], cpu: ["arm64"] };
  }, { a: "npm:a@1.0.0", c: "npm:c@1.0.0/deep/path.js" });
  deepStrictEqual(found, []);
});

Deno.test("S2: the runtime refuses to work with a lock that lacks what is imported", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const lock = JSON.parse(Deno.readTextFileSync("deno.lock"));
    delete lock.specifiers["npm:commander@14.0.3"];
    delete lock.npm["commander@14.0.3"];
    Deno.copyFileSync("deno.json", `${folder}/deno.json`);
    Deno.writeTextFileSync(`${folder}/deno.lock`, JSON.stringify(lock));
    const { success, stderr } = new Deno.Command(Deno.execPath(), {
      args: ["install", "-q"],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).outputSync();
    deepStrictEqual({ success }, { success: false });
    match(new TextDecoder().decode(stderr), /lockfile is out of date/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("S3: a version that is not exact, and a source that is not npm, are named", () => {
  const targets = [
    "npm:a",
    "npm:a@^1.0.0",
    "npm:a@1",
    "npm:a@latest",
    "npm:a@*",
    "jsr:@std/a@1.0.0",
    "./a.ts",
  ];
  const urls = ["https://example.org/a.ts", "git+ssh://example.org/a", "data:text/javascript,1"];
  for (const target of [...targets, ...urls]) {
    const found = breachesAfter(() => {}, { a: "npm:a@1.0.0", x: target });
    deepStrictEqual(found, [
      `deno.json imports "${target}": write npm:NAME@VERSION, with an exact version`,
    ]);
  }
});

Deno.test("S4: a package that wants to run something when it is installed is named, by the lock or by its own words", () => {
  const found = breachesAfter(({ npm }) => {
    npm["b@2.0.0"] = { integrity: INTEGRITY, scripts: true };
  });
  deepStrictEqual(found, [
    'b@2.0.0 has "scripts" in deno.lock: it wants to run something when it is installed',
  ]);
  for (const name of ["preinstall", "install", "postinstall"]) {
    deepStrictEqual(
      scriptBreaches({ id: "b@2.0.0", manifest: { scripts: { [name]: "node x.js", test: "x" } } }),
      [
        `b@2.0.0 has the script "${name}", which runs when it is installed`,
      ],
    );
  }
  deepStrictEqual(scriptBreaches({ id: "b@2.0.0", manifest: { scripts: { prepare: "x", build: "y" } } }), []);
});

Deno.test("S5: each package of the ban is named wherever in the lock it stands, and no near name of it", () => {
  for (const pattern of BANNED_PACKAGES) {
    const name = pattern.replace("*", "x");
    const found = breachesAfter(({ npm }) => {
      npm["b@2.0.0"] = { integrity: INTEGRITY, dependencies: [name] };
      npm[`${name}@1.2.3`] = { integrity: INTEGRITY };
    });
    deepStrictEqual(found, [`${name}@1.2.3 is banned by "${pattern}": cryptography is the runtime's alone`]);
  }
  const near = ["ringbuffer", "elliptic-curves", "@scope/ring"];
  const found = breachesAfter(({ npm }) => {
    npm["b@2.0.0"] = { integrity: INTEGRITY, dependencies: near };
    for (const name of near) npm[`${name}@1.0.0`] = { integrity: INTEGRITY };
  });
  deepStrictEqual(found, []);
});

/** Breaches of a good small configuration with `change` in it. */
function configured(change: Readonly<Record<string, unknown>>): readonly string[] {
  return configBreaches(JSON.stringify({ nodeModulesDir: "none", lock: { frozen: true }, ...change }));
}

Deno.test("configBreaches() passes the configuration of the project", () => {
  deepStrictEqual(configBreaches(Deno.readTextFileSync("deno.json")), []);
});

Deno.test("S6: a lock that is not frozen, a folder of modules, and what leads imports elsewhere are named", () => {
  deepStrictEqual(configured({ lock: { frozen: false } }), ["deno.json: lock.frozen is not true"]);
  deepStrictEqual(configured({ lock: undefined }), ["deno.json: lock.frozen is not true"]);
  deepStrictEqual(configured({ nodeModulesDir: "auto" }), ['deno.json: nodeModulesDir is not "none"']);
  for (const part of ["allowScripts", "importMap", "links", "patch", "scopes", "vendor"]) {
    deepStrictEqual(configured({ [part]: true }), [`deno.json holds "${part}"`]);
  }
});

Deno.test("S7: a permission that the program must not have by default is named", () => {
  for (const name of ["all", "ffi", "import", "read", "run", "write"]) {
    deepStrictEqual(configured({ permissions: { default: { [name]: true } } }), [
      `deno.json: the permission set "default" holds "${name}"`,
    ]);
  }
  for (const net of [true, ["example.org"], ["127.0.0.1", "0.0.0.0"]]) {
    deepStrictEqual(configured({ permissions: { default: { net } } }), [
      'deno.json: the permission set "default" opens more of the network than loopback',
    ]);
  }
  deepStrictEqual(configured({ permissions: { test: { ffi: true, run: true } } }), [
    'deno.json: the permission set "test" holds "ffi"',
  ]);
});

Deno.test("S8: a task that opens everything, foreign code or foreign imports is named", () => {
  const flags = ["-A", "--allow-all", "--allow-ffi", "--allow-import=example.org", "--allow-scripts"];
  for (const flag of [...flags, "--unsafely-ignore-certificate-errors"]) {
    const [found = ""] = configured({ tasks: { x: { command: `deno run -q ${flag} x.ts` } } });
    match(found, /^deno\.json: the task "x" holds -/);
    deepStrictEqual(configured({ tasks: { x: `deno run ${flag} x.ts` } }).length, 1);
  }
  deepStrictEqual(configured({ tasks: { x: "deno run -R -W --allow-run --allow-sys=uid x.ts" } }), []);
  deepStrictEqual(configured({ tasks: { x: "deno run -R --allow-run=git cli.ts" } }), []);
  deepStrictEqual(configured({ tasks: { x: "deno run -R --allow-run cli.ts" } }), [
    'deno.json: the task "x" holds --allow-run',
  ]);
});

Deno.test("S9: the program imports no sockets, TLS, processes or code from strings, and tests may", () => {
  for (const name of BANNED_BUILTINS) {
    deepStrictEqual(programBreaches("store/a.ts", `\nimport "${name}";`), [`store/a.ts:2 imports ${name}`]);
    deepStrictEqual(programBreaches("cli.ts", `const x = await import("${name}");`), [
      `cli.ts:1 imports ${name}`,
    ]);
    deepStrictEqual(programBreaches("tests/a_test.ts", `import "${name}";`), []);
  }
});

Deno.test("S9: the program makes no code of strings, in workers or of native libraries", () => {
  const made = ["eval(text)", "new Function(text)", "new Worker(url)", "Deno.dlopen(path, {})"];
  for (const code of made) {
    const [found = "", ...more] = programBreaches("engine/a.ts", `// eval(x)\nconst x = ${code};`);
    match(found, /^engine\/a\.ts:2 uses /);
    deepStrictEqual(more, []);
  }
  deepStrictEqual(
    programBreaches("engine/a.ts", "context.eval(x); const f: Function = g; retrieval(y);"),
    [],
  );
});

Deno.test("S10: cryptography outside its places is named", () => {
  const subtle = "return await crypto.subtle.sign(key, data);";
  deepStrictEqual(programBreaches("project/a.ts", subtle), [
    "project/a.ts:1 uses crypto.subtle, which only trust/, providers/local/sha256.ts, providers/tls/ may",
  ]);
  deepStrictEqual(programBreaches("trust/a.ts", subtle), []);
  deepStrictEqual(programBreaches("store/a.ts", 'import { createHash } from "node:crypto";').length, 1);
  deepStrictEqual(programBreaches("providers/tls/a.ts", 'import { createHash } from "node:crypto";'), []);
});

Deno.test("S11: of hash-wasm only BLAKE3 is imported", () => {
  deepStrictEqual(
    programBreaches("trust/a.ts", 'import { createBLAKE3, type IHasher } from "hash-wasm";'),
    [],
  );
  deepStrictEqual(programBreaches("trust/a.ts", 'import { argon2id, createBLAKE3 } from "hash-wasm";'), [
    'trust/a.ts imports "argon2id" of hash-wasm: only createBLAKE3, IHasher may be',
  ]);
});

/** One text of each shape, put together here so that this file holds none. */
const PLANTED: Readonly<Record<string, string>> = {
  "a private key": `-----BEGIN ${"PRIVATE"} KEY-----\n${"A".repeat(64)}\n`,
  "a key file of smelt": `{"algorithm":"Ed25519","id":"x","key":${
    JSON.stringify("A".repeat(64))
  },"name":"x"}`,
  "a private JSON web key": `{"kty":"OKP","x":"y","d":${JSON.stringify("A".repeat(43))}}`,
  "an access key of AWS": `AKIA${"A1".repeat(8)}`,
  "a token of GitHub": `ghp_${"a1".repeat(18)}`,
  "a token of GitLab": `glpat-${"a1".repeat(10)}`,
  "a token of npm": `npm_${"a1".repeat(18)}`,
  "a token of Slack": `xoxb-${"1234567890".repeat(3)}`,
  "a key of Google": `AIza${"a1".repeat(17)}b`,
  "a key of Stripe": `sk_live_${"a1".repeat(12)}`,
  "an age key": `AGE-SECRET-KEY-1${"Q".repeat(58)}`,
  "a JSON web token": `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.${"c".repeat(43)}`,
};

Deno.test("S12: each shape of a secret is named by its line, and not repeated", () => {
  deepStrictEqual(Object.keys(PLANTED).toSorted(), Object.keys(SECRET_SHAPES).toSorted());
  for (const [what, text] of Object.entries(PLANTED)) {
    deepStrictEqual(secretBreaches("docs/a.md", `first\n${text}\n`), [
      `docs/a.md:2 holds what looks like ${what}`,
    ]);
  }
});

Deno.test("S12: files that hold secrets by their names are named, and public ones are not", () => {
  for (const name of [".env", ".env.prod", ".npmrc", ".netrc", "id_ed25519", "a.pem", "a.p12", "owner.key"]) {
    strictEqual(secretBreaches(`docs/${name}`, "").length, 1, name);
  }
  for (const name of ["key_file.ts", "environment.ts", "a.pub", ".gitignore"]) {
    deepStrictEqual(secretBreaches(`docs/${name}`, "AKIAIOSFODNN7EXAMPLE"), []);
  }
});
