import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { sharedTokens } from "./harness/cloud_summary.ts";
import { hearCalls, heardCallCount } from "./harness/heard_calls.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** A cloud that loses answers, is another one, forgets objects, or says nothing of what it was sent. */

const APPLY = ["apply", "--yes"];

/** Types with a token, with a unique name, with a secret that is told once, and ones that need each other. */
const STACK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
resource bucket "b" : sim.Bucket {
  name = "only-one"
}
resource role "r" : sim.Role {
  name = "r"
}
resource key "k" : sim.Key {
  needs role.r -> role_id
  name = "k"
}
`;
const TYPES = ["sim.Network", "sim.Subnet", "sim.Bucket", "sim.Role", "sim.Key"];
const CHANGED = STACK.replace('cidr = "10.0.0.0/16"', "$&\n  mtu = 9000")
  .replace('cidr = "10.0.1.0/24"', "$&\n  public = true").replace('"only-one"', "$&\n  versioning = true")
  .replace(': sim.Role {\n  name = "r"', "$&\n  session_s = 900").replace(
    'name = "k"',
    "$&\n  active = false",
  );

const GONE = STACK.replace(/resource (bucket|key) [^]*?\n}\n/g, "");

/** Applies what the files say while replies of an operation on a type are lost, then applies until all is well. */
async function loseReplies(project: TestProject, operation: string, type: string): Promise<void> {
  await project.write(
    ".smelt/sim/faults.json",
    JSON.stringify([{ operation, type, nth: 1, effect: "loseReply" }]),
  );
  const ran = await runInside(project, APPLY);
  ok([0, 1, 7, 8].includes(ran.code), `${operation} ${type}: ${ran.stdout}${ran.stderr}`);
  match(await project.journal(), /"fact":"FaultMet"/, `${operation} ${type} is called`);
  await Deno.remove(join(project.root, ".smelt/sim/faults.json"));
  await expectInside(project, 0, APPLY);
  await expectInside(project, 0, ["audit", "verify"]);
  match((await expectInside(project, 0, ["plan"])).stdout, /Nothing changes/);
  deepStrictEqual(sharedTokens(await project.ledger()), []);
}

Deno.test("2: a reply that is lost after the cloud committed a create: exactly one object of each type afterwards", async () => {
  await using base = await newProject(STACK);
  await Promise.all(TYPES.map(async (type) => {
    await using project = await base.copy();
    await loseReplies(project, "create", type);
    deepStrictEqual((await project.ledger()).objects.map((each) => each.type).sort(), TYPES.toSorted(), type);
    deepStrictEqual((await project.ledger()).live.length, TYPES.length, type);
  }));
});

Deno.test("2: a reply that is lost after an update or a delete: it was done once, and nothing else", async () => {
  await using base = await newProject(STACK);
  await expectInside(base, 0, APPLY);
  await Promise.all(TYPES.map(async (type) => {
    await using changed = await base.copy();
    await changed.write("main.smelt", CHANGED);
    await loseReplies(changed, "update", type);
    const { objects, live } = await changed.ledger();
    deepStrictEqual([objects.length, live.length], [TYPES.length, TYPES.length], type);
    deepStrictEqual(objects.map((each) => each.updates.length), TYPES.map(() => 1), type);

    await using emptied = await base.copy();
    await emptied.write("main.smelt", "");
    await loseReplies(emptied, "delete", type);
    const after = await emptied.ledger();
    deepStrictEqual([after.objects.length, after.live.length], [TYPES.length, 0], type);
  }));
});

/** Write-only fields in all the ways in which they get their values. */
const WRITE_ONLY = `resource net "main" : sim.Network {
  cidr = "10.0.0.0/16"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  cidr = "10.0.1.0/24"
}
resource db "plain" : sim.Database {
  engine = "mysql"
  storage_gb = 10
  password = "plain password"
}
resource db "secret" : sim.Database {
  engine = "mysql"
  storage_gb = 10
  password = secret("secret password")
}
resource db "each" : sim.Database {
  for_each = ["one password", "two password"]
  engine = "mysql"
  storage_gb = 10
  password = each.value
}
resource pw "made" : random.Password {
  length = 20
}
resource db "bound" : sim.Database {
  needs pw.made.result -> password
  engine = "mysql"
  storage_gb = 10
}
component "own" {
  param pw : String
  resource db "inner" : sim.Database {
    engine = "mysql"
    storage_gb = 10
    password = "\${param.pw} and more"
  }
}
use "own" as "x" {
  pw = secret("component password")
}
resource vm "web" : sim.Instance {
  needs sub.a -> subnet_id
  image = "debian-13"
  user_data = "echo started"
}
`;

Deno.test("16: write-only fields that have not changed are in no second plan, however they got their value", async () => {
  await using project = await newProject(WRITE_ONLY);
  await expectInside(project, 0, APPLY);
  const { live } = await project.ledger();
  strictEqual(live.filter(({ digests }) => Object.keys(digests).length > 0).length, 7);
  match((await expectInside(project, 0, ["plan", "--detailed-exitcode"])).stdout, /Nothing changes/);
  await project.unchangedBy(() => expectInside(project, 0, APPLY));
});

Deno.test("16: one that has changed is in the plan alone, unshown, and is sent once", async () => {
  await using project = await newProject(WRITE_ONLY);
  await expectInside(project, 0, APPLY);
  const before = (await project.ledger()).live;
  await project.write("main.smelt", WRITE_ONLY.replace("plain password", "other password"));
  const { stdout } = await expectInside(project, 2, ["plan", "--detailed-exitcode"]);
  match(stdout, /~ {3}db\.plain [^\n]*\n *~ password *: \(sensitive\) -> \(sensitive\)/);
  match(stdout, /^1 to update, \d+ unchanged$/m);
  doesNotMatch(stdout, /plain password|other password/);
  await expectInside(project, 0, APPLY);
  const after = (await project.ledger()).live;
  deepStrictEqual(after.map(({ updates }) => updates.length).sort(), [...before.slice(1).map(() => 0), 1]);
  match((await expectInside(project, 0, ["plan", "--detailed-exitcode"])).stdout, /Nothing changes/);
});

/** Puts another cloud, of another account, in the place of the project's own until it is disposed. */
async function otherAccount(project: TestProject): Promise<AsyncDisposable> {
  await using other = await newProject('resource queue "theirs" : sim.Queue {\n}\n');
  await expectInside(other, 0, APPLY);
  const cloud = join(project.root, ".smelt/sim");
  await Deno.rename(cloud, `${cloud}.own`);
  await Deno.rename(join(other.root, ".smelt/sim"), cloud);
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(cloud, { recursive: true });
      await Deno.rename(`${cloud}.own`, cloud);
    },
  };
}

/** A command that meets the other account must leave cloud and log as they are, and name both accounts. */
async function refusedThere(project: TestProject, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await project.unchangedBy(() => runInside(project, args));
  strictEqual(code, 1, `${args.join(" ")}: ${stdout}${stderr}`);
  match(
    stderr,
    /the provider "sim" reaches the account "[^"]+", the environment is bound to "[^"]+"\nhint: Use the cred/,
    args.join(" "),
  );
}

Deno.test("22: a cloud under another account is refused before anything is sent or claimed, by each command that would look or change", async () => {
  await using project = await newProject(STACK);
  await expectInside(project, 0, APPLY);
  await project.write("main.smelt", CHANGED);
  {
    await using _ = await otherAccount(project);
    for (const command of [["plan"], ["plan", "--refresh-only"], ["drift"]]) {
      await refusedThere(project, command);
    }
    for (const command of [APPLY, ["destroy", "--yes"]]) {
      for (const refresh of [[], ["--no-refresh"]]) await refusedThere(project, [...command, ...refresh]);
    }
    strictEqual((await project.ledger()).live.length, 1);
  }
  await expectInside(project, 0, APPLY);
});

Deno.test("22: nor is an object deleted there whose address the files give to another provider", async () => {
  await using project = await newProject('resource x "one" : sim.Queue {\n}\n');
  await expectInside(project, 0, APPLY);
  await project.write("main.smelt", 'resource x "one" : local.Data {\n}\n');
  {
    await using _ = await otherAccount(project);
    await refusedThere(project, [...APPLY, "--no-refresh"]);
  }
  await expectInside(project, 0, APPLY);
  deepStrictEqual((await project.ledger()).live, []);
});

Deno.test("22: what a run left in doubt is neither settled nor sent again in another account", async () => {
  await using base = await newProject(STACK);
  await expectInside(base, 0, APPLY);
  for (
    const [operation, type, source] of [
      ["create", "sim.Queue", `${STACK}resource queue "q" : sim.Queue {\n}\n`],
      ["update", "sim.Network", CHANGED],
      ["delete", "sim.Key", GONE],
    ] as const
  ) {
    await using project = await base.copy();
    await project.write("main.smelt", source);
    const env = { SMELT_SIM_FAULTS: JSON.stringify([{ operation, type, effect: "crashAfter" }]) };
    strictEqual((await project.run(APPLY, { env })).signal, "SIGKILL");
    {
      await using _ = await otherAccount(project);
      for (const command of [["recover"], APPLY, ["destroy", "--yes"]]) await refusedThere(project, command);
    }
    await expectInside(project, 0, ["recover"]);
    await expectInside(project, 0, APPLY);
    const { objects, live } = await project.ledger();
    const wanted = { create: [6, 6], update: [5, 5], delete: [5, 3] }[operation];
    deepStrictEqual([objects.length, live.length], wanted, operation);
    await expectInside(project, 0, ["audit", "verify"]);
  }
});

/** Deletes objects of a type in the cloud, as somebody would by hand. */
async function deleteByHand(project: TestProject, type: string): Promise<void> {
  const gone = (await project.ledger()).live.filter((each) => each.type === type);
  const facts = gone.map(({ id }) =>
    JSON.stringify({ fact: "Deleted", at: Date.now(), id, token: "0".repeat(32) })
  );
  await Deno.writeTextFile(join(project.root, ".smelt/sim/journal.jsonl"), `${facts.join("\n")}\n`, {
    append: true,
  });
}

Deno.test("34: the delete of an object that is gone already is a success, found by the plan or only by the call", async () => {
  await using base = await newProject(STACK);
  await expectInside(base, 0, APPLY);
  for (const refresh of [[], ["--no-refresh"]]) {
    for (const [source, args] of [[GONE, APPLY], [STACK, ["destroy", "--yes"]]] as const) {
      await using project = await base.copy();
      await deleteByHand(project, "sim.Key");
      await deleteByHand(project, "sim.Bucket");
      await project.write("main.smelt", source);
      await hearCalls(project, "delete");
      const { stdout } = await expectInside(project, 0, [...args, ...refresh]);
      doesNotMatch(stdout, /failed/);
      if (refresh.length > 0) ok(await heardCallCount(project) >= 2, "the calls are made");
      deepStrictEqual(
        (await project.ledger()).live.map(({ type }) => type).sort(),
        args === APPLY ? ["sim.Network", "sim.Role", "sim.Subnet"] : [],
      );
      await expectInside(project, 0, ["audit", "verify"]);
      await project.write("main.smelt", GONE);
      if (args === APPLY) match((await expectInside(project, 0, ["plan"])).stdout, /Nothing changes/);
    }
  }
});

Deno.test("34: so is that of a file that somebody removed", async () => {
  const file = 'resource file "f" : local.File {\n  path = "f.txt"\n  content = "x"\n}\n';
  for (const refresh of [[], ["--no-refresh"]]) {
    await using project = await newProject(file);
    await expectInside(project, 0, APPLY);
    await Deno.remove(join(project.root, "f.txt"));
    await project.write("main.smelt", "");
    await expectInside(project, 0, [...APPLY, ...refresh]);
    match((await expectInside(project, 0, ["plan"])).stdout, /Nothing changes/);
    await expectInside(project, 0, ["audit", "verify"]);
  }
});
