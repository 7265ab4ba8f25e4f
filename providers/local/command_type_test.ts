import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Secret } from "../../engine/value.ts";
import type { Provider } from "../provider.ts";
import {
  create,
  failureOf,
  fieldsOf,
  read,
  remove,
  type TestFields,
  tokenOf,
  update,
  valueOf,
} from "../test_calls.ts";
import { localProvider } from "./local_provider.ts";

const TYPE = "local.Command";

commandTest("create runs the program without a shell and tells what it wrote", async ({ provider }) => {
  const made = valueOf(await create(provider, TYPE, { create: ["echo", "$HOME", "a b", "*"] }));
  deepStrictEqual(made.outputs, fieldsOf({ stdout: "$HOME a b *", exit_code: 0 }));
  deepStrictEqual(made.id, tokenOf(1));
});

commandTest("the program gets its variables, folder and input", async ({ root, provider }) => {
  await Deno.mkdir(join(root, "sub"));
  const made = valueOf(
    await create(provider, TYPE, {
      create: ["sh", "-c", 'echo "$NAME $SMELT_OBJECT_ID"; basename "$PWD"; cat'],
      environment: fieldsOf({ NAME: "smelt" }),
      working_dir: "sub",
      stdin: "typed",
    }),
  );
  deepStrictEqual(made.outputs["stdout"], `smelt ${tokenOf(1)}\nsub\ntyped`);
});

commandTest(
  "of smelt's own variables the program gets the kept ones, and what inherit names",
  async ({ provider }) => {
    const names = ["SMELT_TEST_CREDENTIAL", "SMELT_TEST_PASSED_ON"];
    names.forEach((name) => Deno.env.set(name, "CANARY"));
    try {
      const fields = { create: ["env"], environment: fieldsOf({ LANG: "C" }) };
      const plain = String(valueOf(await create(provider, TYPE, fields)).outputs["stdout"]);
      doesNotMatch(plain, /CANARY/);
      const found = plain.split("\n").map((each) => each.split("=")[0] ?? "");
      const allowed = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SMELT_OBJECT_ID"];
      deepStrictEqual(found.filter((each) => !allowed.includes(each)), []);
      match(plain, /^LANG=C$/m);
      const inherit = ["SMELT_TEST_PASSED_ON", "SMELT_TEST_NOT_SET"];
      const passed = String(valueOf(await create(provider, TYPE, { ...fields, inherit })).outputs["stdout"]);
      match(passed, /^SMELT_TEST_PASSED_ON=CANARY$/m);
      doesNotMatch(passed, /CREDENTIAL|NOT_SET/);
      deepStrictEqual(provider.permissions(TYPE, fieldsOf({ create: ["env"], inherit: ["A"] })), [
        { kind: "run", target: "env" },
        { kind: "env", target: "A" },
      ]);
    } finally {
      names.forEach((name) => Deno.env.delete(name));
    }
  },
);

commandTest("a program that does not read its input is no failure", async ({ provider }) => {
  valueOf(await create(provider, TYPE, { create: ["true"], stdin: "x".repeat(1_000_000) }));
});

commandTest("output beyond 1 MiB is read and dropped", async ({ provider }) => {
  const made = valueOf(await create(provider, TYPE, { create: ["head", "-c", "3000000", "/dev/zero"] }));
  deepStrictEqual(String(made.outputs["stdout"]).length, 1024 * 1024);
});

commandTest(
  "update runs its own program, or create again, and delete only what is given",
  async ({ root, provider }) => {
    const log = join(root, "log");
    const say = (word: string): string[] => ["sh", "-c", `echo ${word} >> log`];
    const fields = { create: say("create") };
    const made = valueOf(await create(provider, TYPE, fields));
    const again = valueOf(await update(provider, TYPE, made, { ...fields, stdin: "x" }));
    const changed = valueOf(await update(provider, TYPE, again, { ...fields, update: say("update") }));
    valueOf(await remove(provider, TYPE, changed));
    valueOf(
      await remove(provider, TYPE, { ...changed, fields: fieldsOf({ ...fields, delete: say("delete") }) }),
    );
    deepStrictEqual(await Deno.readTextFile(log), "create\ncreate\nupdate\ndelete\n");
  },
);

commandTest(
  "another exit code than wanted is a failure that tells what the program said",
  async ({ provider }) => {
    const fields = { create: ["sh", "-c", "echo no such host >&2; exit 3"] };
    const failure = failureOf(await create(provider, TYPE, fields));
    deepStrictEqual([failure.kind, failure.certainty, failure.retry], [
      "ConstraintViolated",
      "notDone",
      "never",
    ]);
    match(failure.message, /expected the exit code 0, found 3; it said: no such host$/);
    const made = valueOf(await create(provider, TYPE, { ...fields, success_codes: [0, 3] }));
    deepStrictEqual(made.outputs["exit_code"], 3);
  },
);

commandTest("secrets go in and never come out", async ({ provider }) => {
  const fields = { create: ["sh", "-c", "echo $TOKEN | tee /dev/stderr; exit $CODE"] };
  const secret = new Secret("CANARY");
  for (
    const extra of [{ environment: fieldsOf({ TOKEN: secret, CODE: "1" }) }, {
      environment: fieldsOf({ TOKEN: "CANARY", CODE: "1" }),
      sensitive_output: true,
    }]
  ) {
    const failure = failureOf(await create(provider, TYPE, { ...fields, ...extra }));
    doesNotMatch(failure.message, /CANARY/);
  }
  const made = valueOf(
    await create(provider, TYPE, { ...fields, environment: fieldsOf({ TOKEN: secret, CODE: "0" }) }),
  );
  const { stdout } = made.outputs;
  ok(stdout instanceof Secret);
  deepStrictEqual(Secret.open(stdout), "CANARY");
  const asArgument = valueOf(await create(provider, TYPE, { create: ["echo", secret] }));
  ok(asArgument.outputs["stdout"] instanceof Secret);
});

commandTest(
  "a program, folder or argument that cannot be is refused before anything runs",
  async ({ provider }) => {
    const cases: readonly (readonly [TestFields, string])[] = [
      [{ create: ["no-such-program-here"] }, "NotFound"],
      [{ create: ["true"], working_dir: "nowhere" }, "NotFound"],
      [{ create: [] }, "InvalidConfig"],
      [{ create: ["echo", "a\0b"] }, "InvalidConfig"],
      [{ create: ["true"], inherit: ["A=B"] }, "InvalidConfig"],
    ];
    for (const [fields, kind] of cases) {
      const failure = failureOf(await create(provider, TYPE, fields));
      deepStrictEqual([failure.kind, failure.certainty], [kind, "notDone"], failure.message);
    }
  },
);

commandTest("the signal kills the program, and what it did is unknown", async ({ root, provider }) => {
  const controller = new AbortController();
  const watcher = Deno.watchFs(root);
  const running = provider.create({
    type: TYPE,
    token: tokenOf(1),
    fields: fieldsOf({ create: ["sh", "-c", "echo $$ > pid; while :; do :; done"] }),
    accepted: () => undefined,
  }, controller.signal);
  const path = join(root, "pid");
  for await (const _ of watcher) if ((await Deno.stat(path)).size > 0) break;
  controller.abort();
  const failure = failureOf(await running);
  deepStrictEqual([failure.kind, failure.certainty], ["Cancelled", "unknown"]);
  const pid = (await Deno.readTextFile(path)).trim();
  const alive = await new Deno.Command("kill", { args: ["-0", pid], stderr: "null" }).output();
  ok(!alive.success);
});

commandTest("a program ended by another signal leaves the outcome unknown", async ({ provider }) => {
  const failure = failureOf(await create(provider, TYPE, { create: ["sh", "-c", "kill -9 $$"] }));
  deepStrictEqual(failure.certainty, "unknown");
});

commandTest("read gives back what the log holds", async ({ provider }) => {
  const found = valueOf(await read(provider, TYPE, "id", { create: ["true"] }));
  deepStrictEqual(found, { id: "id", fields: fieldsOf({ create: ["true"] }), outputs: fieldsOf({}) });
});

commandTest("permissions name each program once, those by path from the project", ({ root, provider }) => {
  deepStrictEqual(
    provider.permissions(TYPE, fieldsOf({ create: ["sh", "-c"], update: ["sh"], delete: ["./down.sh"] })),
    [{ kind: "run", target: "sh" }, { kind: "run", target: join(root, "down.sh") }],
  );
});

Deno.test({
  name: "local.Command names the flag when it may not run the program",
  permissions: { run: ["echo"], read: true, write: true },
}, async () => {
  const failure = failureOf(await create(localProvider("/tmp"), TYPE, { create: ["true"] }));
  deepStrictEqual([failure.kind, failure.certainty], ["Denied", "notDone"]);
  match(failure.message, /--allow-run=true$/);
});

interface World {
  readonly root: string;
  readonly provider: Provider;
}

function commandTest(name: string, run: (world: World) => Promise<void> | void): void {
  Deno.test(`local.Command: ${name}`, async () => {
    const root = await Deno.makeTempDir();
    try {
      await run({ root, provider: localProvider(root) });
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  });
}
