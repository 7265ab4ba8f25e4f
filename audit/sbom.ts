import { canonicalJson } from "../engine/canonical_json.ts";
import { digestUuid } from "../engine/digest_uuid.ts";
import type { EnvironmentFacts } from "../engine/environment.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import type { Dependency } from "../engine/resource_event.ts";
import type { ResourceState, StoredObject } from "../engine/resource_state.ts";
import type { SbomKind } from "../engine/schema.ts";
import { compareText } from "../engine/text_order.ts";
import type { Digest, DigestSet } from "./digest_set.ts";
import type { SbomVersion } from "./sbom_version.ts";
import { type FoldedState, objectJson, stateJson } from "./state_json.ts";

/** What an inventory is made of. */
export interface SbomSource extends FoldedState {
  /** Wall time that the writer of the last record noted, RFC 3339. */
  readonly at: string;
  readonly facts: EnvironmentFacts;
  /** What its type says that a resource is. Every type that the state holds is known. */
  kindOf(type: string): SbomKind;
}

/** How an inventory is written. */
export interface SbomForm {
  readonly specVersion: SbomVersion;
  /** `omitted`: without ids and accounts of providers, and without digests that would confirm a guess of them. */
  readonly ids: "told" | "omitted";
  /** The version of this program. */
  readonly toolVersion: string;
}

/**
 * Writes the inventory of an environment in CycloneDX (ECMA-424): a component for each object that the log knows, the
 * replaced ones that still exist too, and what relies on what. Made of the log alone, so the same log gives the same bytes.
 * Of values it holds digests only; secrets are sealed references in these already.
 */
export async function sbom(source: SbomSource, form: SbomForm, digest: Digest): Promise<JsonObject> {
  const objects = listedObjects(source);
  const root = rootOf(source);
  const whole = stateJson(source);
  const resources = { project: root.group, environment: root.name, resources: whole["resources"] ?? null };
  const { specVersion, ids, toolVersion } = form;
  const identity = await digest(canonicalJson({ ...resources, stream: source.stream, specVersion, ids }));
  return {
    $schema: `http://cyclonedx.org/schema/bom-${specVersion}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion,
    serialNumber: `urn:uuid:${digestUuid(identity.blake3)}`,
    version: 1,
    metadata: {
      timestamp: source.at,
      tools: {
        components: [{ type: "application", "bom-ref": "smelt", name: "smelt", version: toolVersion }],
      },
      component: {
        ...root,
        version: String(source.head.seq),
        hashes: hashesJson(await digest(canonicalJson(whole))),
        properties: properties([["stream", source.stream]]),
      },
    },
    components: await Promise.all(objects.map((each) => componentJson(each, source, form, digest))),
    dependencies: dependenciesJson(root["bom-ref"], objects),
  };
}

/** An object, and where it stands in the inventory. */
interface Listed {
  readonly ref: string;
  readonly state: ResourceState;
  readonly object: StoredObject;
  /** Why it no longer counts; `undefined`: it does. */
  readonly deposed: "replaced" | "late" | undefined;
  /** Refs of what it relies on, in order. */
  readonly relies: readonly string[];
  /** Addresses that it relies on where nothing lives. */
  readonly missing: readonly string[];
}

/** The environment itself. No address is like its ref: addresses hold no colon. */
function rootOf({ environment, facts, stream }: SbomSource) {
  return {
    type: "application",
    "bom-ref": `smelt:${stream}`,
    group: facts.opened.project,
    name: environment,
  } as const;
}

/** All objects that exist, by ref in code-point order. */
function listedObjects({ state }: SbomSource): readonly Listed[] {
  const listed: Listed[] = [];
  for (const resource of state.resources.values()) {
    const all = [
      { object: resource.object, deposed: undefined },
      ...resource.deposed.map(({ object, reason }) => ({ object, deposed: reason })),
    ];
    for (const { object, deposed } of all) {
      if (object === undefined) continue;
      const relations = relationsOf(object.dependencies, state.resources);
      listed.push({ ref: refOf(resource, object), state: resource, object, deposed, ...relations });
    }
  }
  return listed.sort((one, other) => compareText(one.ref, other.ref));
}

/** What counts goes by its address; each other object of the address by the count of creations besides. */
function refOf({ address, object: live }: ResourceState, object: StoredObject): string {
  return object === live ? address : `${address}@${object.incarnation}`;
}

function relationsOf(
  dependencies: readonly Dependency[],
  resources: ReadonlyMap<string, ResourceState>,
): Pick<Listed, "relies" | "missing"> {
  const relies = new Set<string>();
  const missing = new Set<string>();
  for (const { address, incarnation } of dependencies) {
    const state = resources.get(address);
    const held = [state?.object, ...(state?.deposed ?? []).map(({ object }) => object)];
    const object = held.find((each) => each?.incarnation === incarnation) ?? state?.object;
    if (state === undefined || object === undefined) missing.add(address);
    else relies.add(refOf(state, object));
  }
  return { relies: [...relies].sort(compareText), missing: [...missing].sort(compareText) };
}

async function componentJson(
  { ref, state, object, deposed, missing }: Listed,
  { kindOf }: SbomSource,
  { ids, specVersion }: SbomForm,
  digest: Digest,
): Promise<JsonObject> {
  const { description } = object;
  const told = ids === "told";
  return {
    type: componentType(kindOf(object.type), specVersion),
    "bom-ref": ref,
    name: state.address,
    version: String(object.incarnation),
    ...(description.intent === undefined ? {} : { description: description.intent }),
    ...(told ? { hashes: hashesJson(await digest(canonicalJson(objectJson(object)))) } : {}),
    properties: properties([
      ["account", told ? object.account : undefined],
      ["deposed", deposed],
      ["id", told ? object.id : undefined],
      ["owner", description.owner],
      ["protected", state.isProtected ? "true" : undefined],
      ...missing.map((address) => ["relies-on-absent", address] as const),
      ["retained", description.retained === true ? "true" : undefined],
      ["schema-version", String(object.schemaVersion)],
      ["tainted", deposed === undefined ? state.taint : undefined],
      ["type", object.type],
    ]),
  };
}

/** CycloneDX 1.5 knows no cryptographic assets. */
function componentType(kind: SbomKind, specVersion: SbomVersion): string {
  return kind === "cryptographic-asset" && specVersion === "1.5" ? "data" : kind;
}

function properties(pairs: readonly (readonly [name: string, value: string | undefined])[]): readonly Json[] {
  return pairs.flatMap(([name, value]) => value === undefined ? [] : [{ name: `smelt:${name}`, value }]);
}

/** The environment relies on what nothing else in it relies on. */
function dependenciesJson(root: string, objects: readonly Listed[]): readonly Json[] {
  const relied = new Set(objects.flatMap(({ relies }) => relies));
  const tops = objects.map(({ ref }) => ref).filter((ref) => !relied.has(ref));
  return [
    { ref: root, dependsOn: tops },
    ...objects.map(({ ref, relies }) => ({ ref, dependsOn: [...relies] })),
  ];
}

function hashesJson({ sha256, blake3 }: DigestSet): readonly Json[] {
  return [{ alg: "SHA-256", content: sha256 }, { alg: "BLAKE3", content: blake3 }];
}
