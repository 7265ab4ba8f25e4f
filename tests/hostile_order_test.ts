import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { hearCalls } from "./harness/heard_calls.ts";
import { expectInside } from "./harness/inner_program.ts";
import { printedPlan } from "./harness/printed_json.ts";
import { newProject, type TestProject } from "./harness/test_project.ts";

/** What goes away goes after what relies on it, by the cloud's own journal. */

const APPLY = ["apply", "--yes"];
const NETWORK = `resource net "main" : sim.Network {
  name = "main"
  cidr = "10.0.0.0/16"
}
`;
const CHILDREN = `resource sub "a" : sim.Subnet {
  for_each = ["x", "y"]
  needs net.main -> network_id
  name = each.value
  cidr = "10.0.\${each.index}.0/24"
}
component "machine" {
  resource vm "web" : sim.Instance {
    needs sub.a["x"] -> subnet_id
    name = "web"
    image = "debian-13"
  }
}
use "machine" as "m" {
}
`;
const OTHER = 'resource queue "other" : sim.Queue {\n  name = "other"\n}\n';

/** What the cloud did, as `Created net`, `Updated top`, `Deleted net`, in its order. */
async function deeds(project: TestProject, from = 0): Promise<readonly string[]> {
  const text = (await project.journal()).slice(from);
  return [...text.matchAll(/"fact":"(Created|Updated|Deleted)"[^\n]*?"id":"([a-z]+)-/g)].map((
    [, fact, prefix],
  ) => `${fact} ${prefix}`);
}

async function applied(source: string): Promise<TestProject> {
  const project = await newProject(source);
  await expectInside(project, 0, APPLY);
  return project;
}

Deno.test("18: what the files hold no longer is deleted by the default plan, and nothing else", async () => {
  await using project = await applied(NETWORK + OTHER);
  const from = (await project.journal()).length;
  await project.write("main.smelt", NETWORK);
  const planned = printedPlan((await expectInside(project, 0, ["plan", "--json"])).stdout);
  deepStrictEqual(planned.map(({ address, action }) => `${action} ${address}`), [
    "none net.main",
    "delete queue.other",
  ]);
  await expectInside(project, 0, APPLY);
  deepStrictEqual(await deeds(project, from), ["Deleted que"]);
});

Deno.test("18: of parents and children that are removed together the children go first, instances and components too", async () => {
  await using base = await applied(NETWORK + CHILDREN + OTHER);
  for (
    const [source, args] of [[OTHER, APPLY], [NETWORK + CHILDREN + OTHER, ["destroy", "--yes"]]] as const
  ) {
    await using project = await base.copy();
    const from = (await project.journal()).length;
    await project.write("main.smelt", source);
    await expectInside(project, 0, args);
    const order = (await deeds(project, from)).filter((each) => !each.endsWith(" que"));
    strictEqual(order.length, 4);
    ok(order.indexOf("Deleted inst") < order.lastIndexOf("Deleted sub"), order.join());
    strictEqual(order.at(-1), "Deleted net", order.join());
  }
});

/** A topic delivers to a queue; `fifo` of the queue cannot change in place, what the topic delivers to can. */
const PARENT = `resource queue "main" : sim.Queue {
  name = "q"
}
resource topic "main" : sim.Topic {
  needs queue.main -> queue_ids
  name = "t"
}
`;
const REPLACED = PARENT.replace('name = "q"', "$&\n  fifo = true").replace('name = "t"', "$&\n");

Deno.test("19: of a parent that is replaced the new one is made, the child follows, and only then the old one goes", async () => {
  await using project = await applied(
    NETWORK + `resource role "r" : sim.Role {
  name = "r"
}
resource sub "a" : sim.Subnet {
  needs net.main -> network_id
  name = "a"
  cidr = "10.0.1.0/24"
}
resource vm "web" : sim.Instance {
  needs role.r -> role_id
  needs sub.a -> subnet_id
  name = "web"
  image = "debian-13"
}
`,
  );
  const from = (await project.journal()).length;
  const source = (await project.read("main.smelt")).replace('name = "r"', '$&\n  path = "/other/"');
  await project.write("main.smelt", source);
  await expectInside(project, 0, APPLY);
  deepStrictEqual(await deeds(project, from), ["Created role", "Updated inst", "Deleted role"]);
});

Deno.test("19: while the child has not followed, the old parent stays, and goes once it has", async () => {
  await using project = await applied(PARENT);
  const from = (await project.journal()).length;
  await project.write("main.smelt", REPLACED);
  await hearCalls(project, "delete", [{
    operation: "update",
    type: "sim.Topic",
    effect: { fail: { kind: "Conflict" } },
  }]);
  await expectInside(project, 8, APPLY);
  deepStrictEqual(await deeds(project, from), ["Created que"]);
  await hearCalls(project, "delete");
  await project.write("main.smelt", REPLACED.replace("needs queue.main -> queue_ids\n", ""));
  await expectInside(project, 0, APPLY);
  deepStrictEqual(await deeds(project, from), ["Created que", "Updated top", "Deleted que"]);
});

Deno.test("19: a child that is replaced with its parent is gone before the old parent goes", async () => {
  await using project = await applied(NETWORK + CHILDREN);
  const from = (await project.journal()).length;
  await project.write(
    "main.smelt",
    (NETWORK + CHILDREN).replace("10.0.${each.index}.0/24", "10.0.1${each.index}.0/24"),
  );
  await expectInside(project, 0, APPLY);
  const order = await deeds(project, from);
  strictEqual(order.filter((each) => each === "Created sub").length, 2);
  ok(order.lastIndexOf("Created inst") < order.indexOf("Deleted inst"), order.join());
  ok(order.indexOf("Deleted inst") < order.lastIndexOf("Deleted sub"), order.join());
  strictEqual((await project.ledger()).live.length, 4);
});
