import { deepStrictEqual, ok } from "node:assert/strict";
import type { ResourceConfig } from "../engine/resource_config.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import { expand } from "../lang/expand.ts";
import { exampleContext } from "../lang/expand_example.ts";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { schemaOf, simType } from "../providers/sim/sim_types.ts";
import { explainConstraints } from "./explain_constraints.ts";

const SOURCE = `resource db "d" : sim.Database {
  @constraint "storage_gb <= 100"
  @constraint "backup.retention_days > 7"
  @constraint "storage_gb / 0 > 1"
  @constraint "size(subnet_ids) >= 2 && size == 'small'"
  @constraint "subnet_ids[0].startsWith('sub-')"
  @constraint "size(tags) > 0"
  @constraint "engin == 'postgres'"
  @constraint "kept for auditors"
  needs net.n.router_ip -> tags.router
  needs sub.a -> subnet_ids
  needs sub.b -> subnet_ids
  name = "d" engine = "postgres" storage_gb = 10 password = "hunter2hunter2"
}
resource net "n" : sim.Network { cidr = "10.0.0.0/16" }
resource sub "a" : sim.Subnet { needs net.n -> network_id cidr = "10.0.0.0/24" }
resource sub "b" : sim.Subnet { needs net.n -> network_id cidr = "10.0.1.0/24" }
`;

function database(): ResourceConfig {
  const { tree } = parse(sourceText("main.smelt", SOURCE));
  const { desired } = expand([tree], exampleContext());
  const config = desired.resources.find((each) => each.address === "db.d");
  ok(config !== undefined);
  return config;
}

async function explained(fields?: ValueRecord): Promise<unknown> {
  const type = simType("sim.Database");
  ok(type !== undefined);
  return (await explainConstraints(database(), schemaOf(type), fields)).map(({ status, reason }) =>
    reason === undefined ? status : `${status}: ${reason}`
  );
}

Deno.test("explainConstraints() tells of each constraint in order, as far as the files know", async () => {
  deepStrictEqual(await explained(), [
    "holds",
    "fails: found backup.retention_days = 7",
    "fails: it divides by zero",
    "holds",
    "unknown: what sub.a gives is not known yet",
    "unknown: what net.n gives is not known yet",
    'unchecked: there is no "engin" in sim.Database',
    "unchecked",
  ]);
});

Deno.test("explainConstraints() takes the fields of a plan where there is one", async () => {
  const planned = record([["storage_gb", 200], ["size", "small"], ["subnet_ids", ["vpc-1"]], [
    "tags",
    record(),
  ]]);
  deepStrictEqual(await explained(planned), [
    "fails: found storage_gb = 200",
    'fails: "backup.retention_days" is not set',
    "fails: it divides by zero",
    'fails: found subnet_ids = ["vpc-1"]',
    'fails: found subnet_ids = ["vpc-1"]',
    "fails",
    'unchecked: there is no "engin" in sim.Database',
    "unchecked",
  ]);
});
