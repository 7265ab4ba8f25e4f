import { err, ok, type Result } from "../engine/result.ts";
import type {
  ImageJudgement,
  ImageKey,
  ImagePolicy,
  ImageVerify,
  PolicyKey,
} from "../providers/image_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import { parseImagePolicy, type PolicyFile } from "./image_policy.ts";
import { layoutPlace } from "./layout_place.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { readNamedFile } from "./read_named_file.ts";
import { told } from "./work_on_images.ts";
import { openWorkspace, pickEnvironment, type Workspace } from "./workspace.ts";

/** What a command line says of an image to verify. */
export interface ImageVerifyTexts {
  readonly reference: string | undefined;
  readonly layout: string | undefined;
  /** Names of keys, or paths of files. */
  readonly keys: readonly string[];
  readonly policy: string | undefined;
  /** A layout, and the tag of an image in it, that was built again. */
  readonly rebuilt: string | undefined;
  /** The folder of advisories, and the file of rules; where one is named its bills of materials are held against them. */
  readonly advisories: string | undefined;
  readonly auditRules: string | undefined;
  readonly insecure: readonly string[];
  readonly caFile: string | undefined;
}

/** A larger file holds no public key. */
export const KEY_LIMIT_BYTES = 64 * 1024;
const POLICY_LIMIT_BYTES = 1024 * 1024;
const NO_POLICY: PolicyFile = { keys: [], require: ["signature"], sources: [], refs: [], bases: [] };

/** Judges an image by a policy and keys. The failure says why it could not even be looked at. */
export async function verifyImage(
  ports: ProjectPorts,
  texts: ImageVerifyTexts,
): Promise<Result<ImageJudgement, ProjectFailure>> {
  const request = await verifyRequest(ports, texts);
  return request.ok ? told(await (await ports.images()).verify(request.value)) : request;
}

async function verifyRequest(
  ports: ProjectPorts,
  texts: ImageVerifyTexts,
): Promise<Result<ImageVerify, ProjectFailure>> {
  const { caFile, insecure, layout, reference } = texts;
  const policy = await policyOf(ports, texts);
  if (!policy.ok) return policy;
  const rebuilt = texts.rebuilt === undefined ? undefined : layoutPlace(texts.rebuilt);
  const audit = auditOf(texts);
  const rest = { policy: withSbom(policy.value, audit), audit, rebuilt, insecure, caFile };
  if (layout !== undefined) return ok({ ...rest, place: { kind: "layout", layout, reference } });
  if (reference === undefined) {
    return err({
      kind: "Config",
      message: "An image to verify is missing",
      hint: "Name one of a registry, or a folder by --layout",
    });
  }
  return ok({ ...rest, place: { kind: "registry", reference } });
}

function auditOf({ advisories: database, auditRules: rules }: ImageVerifyTexts): ImageVerify["audit"] {
  return database === undefined && rules === undefined ? undefined : { policy: undefined, database, rules };
}

/** Only a bill of materials that somebody stands for can be held against anything. */
function withSbom(policy: ImagePolicy, audit: ImageVerify["audit"]): ImagePolicy {
  const { require } = policy;
  return audit === undefined || require.includes("sbom")
    ? policy
    : { ...policy, require: [...require, "sbom"] };
}

async function policyOf(
  ports: ProjectPorts,
  { keys: named, policy: file }: ImageVerifyTexts,
): Promise<Result<ImagePolicy, ProjectFailure>> {
  const read = file === undefined ? ok(NO_POLICY) : await readPolicy(ports, file);
  if (!read.ok) return read;
  const wanted = [...read.value.keys, ...named.map((place) => ({ place, builders: [] }))];
  if (wanted.length === 0) {
    return err({
      kind: "Keys",
      message: "No key to verify with: what is attached to an image never says whom to trust",
      hint: "Name one by --key, such as a public key in PEM or a key of this project, or in a policy",
    });
  }
  const workspace = await openWorkspace(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const keys: PolicyKey[] = [];
  for (const { builders, place } of wanted) {
    const key = await readKey(ports, workspace.value, place);
    if (!key.ok) return key;
    const before = keys.findIndex((each) => each.key.id === key.value.id);
    const all = [...keys[before]?.builders ?? [], ...builders];
    const merged = { key: key.value, builders: all };
    if (before < 0) keys.push(merged);
    else keys[before] = merged;
  }
  return ok({ ...read.value, keys });
}

async function readPolicy(ports: ProjectPorts, file: string): Promise<Result<PolicyFile, ProjectFailure>> {
  const text = await readNamedFile(ports, file, POLICY_LIMIT_BYTES);
  if (!text.ok) return text;
  const policy = parseImagePolicy(file, text.value);
  if (policy.ok) return policy;
  const { diagnostics, source } = policy.error;
  return err({
    kind: "Config",
    message: `Cannot use "${file}"`,
    diagnostics,
    sources: new Map([[file, source]]),
  });
}

/** A text with a slash, or that ends as files of keys do, is a file; any other is the name of a key. */
export function isKeyFile(place: string): boolean {
  return !place.startsWith("kms:") && (place.includes("/") || /\.(?:pem|pub|json)$/.test(place));
}

async function readKey(
  ports: ProjectPorts,
  workspace: Workspace,
  place: string,
): Promise<Result<ImageKey, ProjectFailure>> {
  const environment = pickEnvironment(workspace, undefined);
  if (!environment.ok) return environment;
  const { keys } = environment.value;
  if (!isKeyFile(place)) return await ports.imageKey(workspace.paths, keys, { kind: "named", name: place });
  const text = await readNamedFile(ports, place, KEY_LIMIT_BYTES);
  if (!text.ok) return text;
  return await ports.imageKey(workspace.paths, keys, { kind: "text", file: place, text: text.value });
}
