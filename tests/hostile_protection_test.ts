import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { FAILURE_KINDS } from "../engine/call_failure.ts";
import { SIM_TYPES } from "../providers/sim/sim_types.ts";
import { hearCalls, heardCallCount } from "./harness/heard_calls.ts";
import { expectInside, runInside } from "./harness/inner_program.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** What must survive everything that people do with files and commands: protected objects, and old ones whose successor failed. */

const GUARD = '  @lifecycle "prevent_destroy"\n';
const queue = (label: string, body = "", name = "q") =>
  `resource queue "${label}" : sim.Queue {\n${body}  name = "${name}"\n}\n`;
const component = (body: string) => `component "pair" {\n${queue("inner", body)}}\n`;
const FREE = queue("free", "", "free");
const USE = 'use "pair" as "x" {\n}\n';

/** All the ways in which a resource can be protected by the files. */
const STACK = queue("plain", GUARD) + queue("each", `${GUARD}  for_each = ["a", "b"]\n`) +
  queue("many", `${GUARD}  count = 2\n`) + component(GUARD) + USE + FREE;

/** Somebody tries to get rid of what is protected. */
interface Attempt {
  readonly name: string;
  readonly source?: string;
  readonly args?: readonly string[];
  readonly code?: number;
  readonly says: RegExp;
}

/** A change of the files that needs another object. */
const replaced = (source: string, label: string) =>
  source.replace(new RegExp(`(resource queue "${label}" [^}]*)}`), "$1  fifo = true\n}");
const APPLY = ["apply", "--yes"];
const REFUSED = /Cannot (delete|replace) \S+: it is protected/;

const ATTEMPTS: readonly Attempt[] = [
  { name: "destroy", args: ["destroy", "--yes"], code: 7, says: /kept: queue\.each\[a\]/ },
  {
    name: "destroy of it alone",
    args: ["destroy", "--yes", "--target", "queue.plain"],
    says: /protected/,
  },
  { name: "removal of all from the files", source: FREE, says: REFUSED },
  { name: "removal with its own guard", source: STACK.replace(queue("plain", GUARD), ""), says: REFUSED },
  {
    name: "removal of one for_each key",
    source: STACK.replace('["a", "b"]', '["a"]'),
    says: /Cannot delete queue\.each\[b\]: it is protected/,
  },
  {
    name: "removal of the for_each itself",
    source: STACK.replace('  for_each = ["a", "b"]\n', ""),
    says: REFUSED,
  },
  {
    name: "a smaller count",
    source: STACK.replace("count = 2", "count = 1"),
    says: /Cannot delete queue\.many\[1\]: it is protected/,
  },
  {
    name: "a for_each in the place of a count",
    source: STACK.replace("count = 2", 'for_each = ["x", "y"]'),
    says: REFUSED,
  },
  { name: "removal of the use of a component", source: STACK.replace(USE, ""), says: REFUSED },
  {
    name: "removal from within a component",
    source: STACK.replace(component(GUARD), 'component "pair" {\n}\n'),
    says: REFUSED,
  },
  { name: "a component under another name", source: STACK.replace('as "x"', 'as "y"'), says: REFUSED },
  {
    name: "replacement",
    source: replaced(STACK, "plain"),
    says: /Cannot replace queue\.plain: it is protected/,
  },
  {
    name: "replacement of an instance",
    source: replaced(STACK, "each"),
    says: /Cannot replace queue\.each\[a\]: it is protected/,
  },
  {
    name: "replacement within a component",
    source: replaced(STACK, "inner"),
    says: /Cannot replace \S+: it is protected/,
  },
  {
    name: "replacement, the guard taken away in the same change",
    source: replaced(STACK.replace(GUARD, ""), "plain"),
    says: /Cannot replace queue\.plain: it is protected/,
  },
  {
    name: "another type",
    source: STACK.replace('"plain" : sim.Queue', '"plain" : sim.Topic'),
    says: REFUSED,
  },
  { name: "replacement by hand", args: [...APPLY, "--replace", "queue.plain"], says: REFUSED },
  { name: "another label", source: STACK.replace('"plain"', '"other"'), says: REFUSED },
  {
    name: "another kind",
    source: STACK.replace('resource queue "plain"', 'resource line "plain"'),
    says: REFUSED,
  },
  {
    name: "state rm",
    args: ["state", "rm", "queue.plain", "--yes"],
    says: /queue\.plain.*it is protected/,
  },
];

async function applied(source: string): Promise<TestProject> {
  const project = await newProject(source);
  await hearCalls(project, "delete");
  await expectInside(project, 0, APPLY);
  return project;
}

/** Ids of what lives in the cloud. */
async function liveIds(project: TestProject): Promise<readonly string[]> {
  return (await project.ledger()).live.map(({ id }) => id);
}

Deno.test("14: whatever files and commands want, no call to delete what prevent_destroy protects is sent", async () => {
  await using base = await applied(STACK);
  const before = await liveIds(base);
  strictEqual(before.length, 7);
  const guarded = (await base.ledger()).live.filter(({ fields }) => fields["name"] !== "free");
  for (const { name, source = STACK, args = APPLY, code = 1, says } of ATTEMPTS) {
    await using project = await base.copy();
    await project.write("main.smelt", source);
    const { stdout, stderr } = await expectInside(project, code, args);
    match(stdout + stderr, says, name);
    const isDestroy = name === "destroy";
    strictEqual(await heardCallCount(project), isDestroy ? 1 : 0, name);
    const live = await liveIds(project);
    deepStrictEqual(isDestroy ? guarded.map(({ id }) => id) : before, live, name);
  }
});

Deno.test("14: protection stays with what is moved, removed by word, or tainted", async () => {
  await using base = await applied(STACK);
  const before = await liveIds(base);
  const renamed = STACK.replace('"plain"', '"new"');
  const sources: readonly (readonly [string, string])[] = [
    ["moved in the files", `moved "queue.plain" to "queue.new"\n${renamed}`],
    ["moved, its guard forgotten", `moved "queue.plain" to "queue.new"\n${renamed.replace(GUARD, "")}`],
  ];
  for (const [name, source] of sources) {
    await using project = await base.copy();
    await project.write("main.smelt", source);
    await expectInside(project, 0, APPLY);
    deepStrictEqual(await liveIds(project), before, name);
    strictEqual(await heardCallCount(project), 0, name);
  }
  await using removed = await base.copy();
  await removed.write("main.smelt", `removed "queue.plain"\n${STACK.replace(queue("plain", GUARD), "")}`);
  match((await expectInside(removed, 1, APPLY)).stderr, /Cannot forget queue\.plain: it is protected/);
  deepStrictEqual(await liveIds(removed), before);
  strictEqual(await heardCallCount(removed), 0);
  await using tainted = await base.copy();
  await expectInside(tainted, 0, ["taint", "queue.plain"]);
  match((await expectInside(tainted, 1, APPLY)).stderr, /Cannot replace queue\.plain: it is protected/);
  strictEqual(await heardCallCount(tainted), 0);
});

Deno.test("14: what the log protects is deleted only after it was unprotected by name", async () => {
  await using project = await applied(STACK);
  await project.write("main.smelt", STACK.replaceAll(GUARD, ""));
  await expectInside(project, 0, APPLY);
  await expectInside(project, 0, ["protect", "queue.plain"]);
  await project.write("main.smelt", "");
  match((await expectInside(project, 1, APPLY)).stderr, /Cannot delete queue\.plain: it is protected/);
  strictEqual(await heardCallCount(project), 0);
  await expectInside(project, 0, ["unprotect", "queue.plain", "--yes"]);
  await expectInside(project, 0, APPLY);
  deepStrictEqual(await liveIds(project), []);
  strictEqual(await heardCallCount(project), 7);
});

/** A queue and what is told where its messages go; `fifo` cannot change in place. */
const FIRST = queue("main") + `resource topic "main" : sim.Topic {
  needs queue.main -> queue_ids
  name = "t"
}
`;
const SECOND = replaced(FIRST, "main");

/** How a replacement begins that must not cost the old object. */
async function failReplacement(
  base: TestProject,
  fail: Readonly<Record<string, unknown>>,
): Promise<TestProject> {
  const project = await base.copy();
  await project.write("main.smelt", SECOND);
  await hearCalls(project, "delete", [{ operation: "create", effect: { fail } }]);
  return project;
}

Deno.test("15: a replacement whose create fails leaves the old object as it was, whatever kind of error it was", async () => {
  await using base = await newProject(FIRST);
  await expectInside(base, 0, APPLY);
  const before = (await base.ledger()).objects;
  for (const kind of FAILURE_KINDS) {
    await using project = await failReplacement(base, { kind });
    const { stdout, stderr } = await expectInside(project, 1, APPLY);
    match(stdout + stderr, new RegExp(`The sim cloud answers ${kind}`), kind);
    deepStrictEqual((await project.ledger()).objects, before, kind);
    strictEqual(await heardCallCount(project), 0, kind);
    await expectInside(project, 0, ["audit", "verify"]);
    await hearCalls(project, "delete");
    await expectInside(project, 0, APPLY);
    const { objects, live } = await project.ledger();
    deepStrictEqual([objects.length, live.length], [3, 2], kind);
    notStrictEqual(live.find(({ type }) => type === "sim.Queue")?.id, before[0]?.id);
    strictEqual(await heardCallCount(project), 1, kind);
  }
});

/** Facts of the cloud about queues, in its own order. */
async function queueFacts(project: TestProject): Promise<readonly string[]> {
  const facts = (await project.journal()).matchAll(/"fact":"(Created|Deleted)"[^\n]*"id":"que-/g);
  return [...facts].map(([, fact]) => fact ?? "");
}

/** Answers that do not tell the truth of what the cloud did, or nothing. */
const DOUBTFUL = [
  { fail: { kind: "Timeout", certainty: "done" } },
  { fail: { kind: "Timeout", certainty: "unknown" } },
  "loseReply",
];

Deno.test("15: where a create was done, or may have been, and is told as an error, the old object goes only after the new one is known", async () => {
  await using base = await newProject(FIRST);
  await expectInside(base, 0, APPLY);
  await Promise.all(DOUBTFUL.map(async (effect) => {
    await using project = await base.copy();
    await project.write("main.smelt", SECOND);
    await hearCalls(project, "delete", [{ operation: "create", effect }]);
    const { code } = await runInside(project, APPLY);
    if (code !== 0) strictEqual(await heardCallCount(project), 0, JSON.stringify(effect));
    await hearCalls(project, "delete");
    await expectInside(project, 0, APPLY);
    deepStrictEqual(await queueFacts(project), ["Created", "Created", "Deleted"], JSON.stringify(effect));
    await expectInside(project, 0, ["audit", "verify"]);
  }));
});

/** A resource of each type that can be replaced: what it says at first, and a change that needs another object. */
const REPLACEMENTS: Readonly<Record<string, readonly [string, string]>> = {
  "sim.Network": ['cidr = "10.0.0.0/16"', 'cidr = "10.1.0.0/16"'],
  "sim.Subnet": [
    'needs net.base -> network_id\n  cidr = "10.9.1.0/24"',
    'needs net.base -> network_id\n  cidr = "10.9.2.0/24"',
  ],
  "sim.Instance": [
    'needs sub.base -> subnet_id\n  image = "debian-13"',
    'needs sub.base -> subnet_id\n  image = "debian-14"',
  ],
  "sim.Disk": ['size_gb = 10\n  kind = "standard"', 'size_gb = 10\n  kind = "fast"'],
  "sim.Database": [
    'engine = "mysql"\n  storage_gb = 10\n  password = "long enough"',
    'engine = "postgres"\n  storage_gb = 10\n  password = "long enough"',
  ],
  "sim.Bucket": ['name = "one-name"', 'name = "one-name"\n  region = "south"'],
  "sim.Queue": ["fifo = false", "fifo = true"],
  "sim.Topic": ["fifo = false", "fifo = true"],
  "sim.Role": ['name = "r"', 'name = "r"\n  path = "/x/"'],
};

Deno.test("15: the old object goes first only where the type has a unique name, and the plan says so", async () => {
  const base = `resource net "base" : sim.Network {
  cidr = "10.9.0.0/16"
}
resource sub "base" : sim.Subnet {
  needs net.base -> network_id
  cidr = "10.9.0.0/24"
}
`;
  const text = (which: 0 | 1) =>
    base +
    Object.entries(REPLACEMENTS).map(([type, bodies]) =>
      `resource own "${type.slice(4)}" : ${type} {\n  ${bodies[which]}\n}\n`
    ).join("");
  await using project = await newProject(text(0));
  await expectInside(project, 0, APPLY);
  const from = (await project.journal()).length;
  await project.write("main.smelt", text(1));
  const { stdout } = await expectInside(project, 0, ["plan"]);
  await expectInside(project, 0, APPLY);
  const journal = (await project.journal()).slice(from);
  for (const type of Object.keys(REPLACEMENTS)) {
    const prefix = SIM_TYPES.find((each) => each.type === type)?.prefix;
    const facts = [...journal.matchAll(new RegExp(`"fact":"(Created|Deleted)"[^\\n]*"id":"${prefix}-`, "g"))];
    const isNamed = type === "sim.Bucket";
    deepStrictEqual(
      facts.map(([, fact]) => fact),
      isNamed ? ["Deleted", "Created"] : ["Created", "Deleted"],
      type,
    );
    const shown = stdout.split(/^(?= {2}\S)/m).find((each) => each.includes(`own.${type.slice(4)} :`));
    strictEqual(/first/.test(shown ?? ""), isNamed, shown);
  }
});
