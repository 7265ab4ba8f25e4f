import { join } from "node:path";
import { auditOutcome } from "../../audit/audit_report.ts";
import type { ResourceState } from "../../engine/resource_state.ts";
import { verifyProject } from "../../project/verify_project.ts";
import type { Ledger } from "../../providers/sim/ledger.ts";
import { sharedTokens } from "../harness/cloud_summary.ts";
import type { ChaosProject } from "./chaos_project.ts";
import { type ChaosResource, type ChaosStack, idOf, wantedTypes } from "./chaos_stack.ts";

type States = ReadonlyMap<string, ResourceState>;

/** What must hold at any time: the log verifies, no token has made two objects, and the log knows whatever lives. */
export async function faultsAlways(project: ChaosProject): Promise<readonly string[]> {
  const report = await verifyProject(project.ports(), undefined);
  if (!report.ok) return [report.error.message];
  const failed = report.value.checks.filter((each) => each.status === "failed");
  const ledger = await project.ledger();
  return [
    ...failed.map(({ id, detail, findings }) => `${id}: ${detail} ${findings.join("; ")}`),
    ...report.value.voids.map((each) => `the log holds a void ${each.type}`),
    ...sharedTokens(ledger).map((token) => `token ${token} has made two objects`),
    ...forgotten(ledger, await project.states()),
  ];
}

function forgotten(ledger: Ledger, states: States): readonly string[] {
  const known = new Set<string>();
  for (const { object, deposed, intent } of states.values()) {
    if (object !== undefined) known.add(object.id);
    for (const each of deposed) known.add(each.object.id);
    if (intent !== undefined) known.add(intent.started.token);
  }
  return ledger.live.filter(({ id, token }) => !known.has(id) && !known.has(token))
    .map(({ id }) => `the log does not know ${id}, which lives`);
}

/** What must hold at rest: log, cloud and disk are what the stack wants, and nothing is open. */
export async function faultsAtRest(project: ChaosProject, stack: ChaosStack): Promise<readonly string[]> {
  const report = await verifyProject(project.ports(), undefined);
  const outcome = report.ok ? auditOutcome(report.value) : report.error.message;
  const states = await project.states();
  const ledger = await project.ledger();
  const held = [...states.values()].flatMap(({ address, object }) =>
    object === undefined ? [] : [{ address, object }]
  );
  const ids = held.map(({ object }) => object.id);
  return [
    ...(outcome === "sound" ? [] : [`the log is ${outcome}`]),
    ...differences(wantedTypes(stack), new Map(held.map(({ address, object }) => [address, object.type]))),
    ...ledger.live.filter(({ id }) => !ids.includes(id)).map(({ id }) => `${id} lives and is not wanted`),
    ...held.filter(({ object: { id, type } }) =>
      type.startsWith("sim.") && !ledger.live.some((each) => each.id === id)
    ).map(({ address }) => `${address} is not alive in the cloud`),
    ...stack.resources.flatMap((each) => fieldFaults(each, states, ledger)),
    ...await fileFaults(project, stack),
  ];
}

function differences(
  wanted: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): readonly string[] {
  const addresses = new Set([...wanted.keys(), ...found.keys()]);
  return [...addresses].filter((address) => wanted.get(address) !== found.get(address)).map((address) =>
    `${address} is ${found.get(address) ?? "not there"}, wanted ${wanted.get(address) ?? "nothing"}`
  );
}

/** Of what stands alone in the cloud: fields that are plain in the source, and ids that others give. */
function fieldFaults(resource: ChaosResource, states: States, ledger: Ledger): readonly string[] {
  const address = idOf(resource);
  const live = ledger.live.find(({ id }) => id === states.get(address)?.object?.id);
  if (live === undefined) return [];
  const given = [...resource.fields].flatMap(([name, text]): [string, unknown][] =>
    /^["0-9tf]/.test(text) ? [[name, JSON.parse(text)]] : []
  );
  const bound = resource.needs.flatMap(({ target, to, output }): [string, unknown][] => {
    const id = states.get(target)?.object?.id;
    return to === undefined || output !== undefined || id === undefined || /\.|_ids$/.test(to)
      ? []
      : [[to, id]];
  });
  return [...given, ...bound].filter(([name, wanted]) => live.fields[name] !== wanted)
    .map(([name, wanted]) => `${address}.${name} is ${String(live.fields[name])}, wanted ${String(wanted)}`);
}

async function fileFaults(project: ChaosProject, stack: ChaosStack): Promise<readonly string[]> {
  const wanted = new Map<string, string>();
  for (const { type, fields, keys } of stack.resources) {
    if (type !== "local.File") continue;
    const path: string = JSON.parse(fields.get("path") ?? '""');
    const content: string = JSON.parse(fields.get("content") ?? '""');
    for (const key of keys ?? [""]) wanted.set(path.replace("${each.value}", key), content);
  }
  return differences(wanted, await filesOf(project));
}

/** Contents of the files that resources may make, by path. */
async function filesOf(project: ChaosProject): Promise<ReadonlyMap<string, string>> {
  const folder = join(project.root, "out");
  const files = new Map<string, string>();
  if (!await Deno.stat(folder).then(() => true, () => false)) return files;
  for await (const { name } of Deno.readDir(folder)) {
    files.set(`out/${name}`, await Deno.readTextFile(join(folder, name)));
  }
  return files;
}
