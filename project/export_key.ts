import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeyFolder, PublicKeyDocument } from "./key_folder.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { LOCAL_KEYS } from "./smelt_toml_keys.ts";
import { openConfigured, pickEnvironment } from "./workspace.ts";

/** A document, and whether the key signs on this machine. */
export interface ExportedKey {
  /** The file's name without `.key`. */
  readonly name: string;
  readonly document: PublicKeyDocument;
  /** The same key in PEM, as other programs read it. */
  readonly pem: string;
  readonly isOwn: boolean;
}

/** Gives the public half of a key of this machine or of KMS; of the one that signs here where no name is given. */
export async function exportKey(
  ports: ProjectPorts,
  name: string | undefined,
): Promise<Result<ExportedKey, ProjectFailure>> {
  return await withKeyFolder(ports, async ({ folder, own, region }) => {
    const chosen = name ?? own;
    return { chosen, document: await folder.document(chosen, region) };
  });
}

/** Makes a key on this machine and gives its public half. No log trusts it yet. */
export async function createKey(
  ports: ProjectPorts,
  name: string | undefined,
): Promise<Result<ExportedKey, ProjectFailure>> {
  return await withKeyFolder(ports, async ({ folder }) => {
    // Where KMS holds the key that signs, another one is made beside it.
    const own = folder.ownName(undefined);
    if (!own.ok) return { chosen: "", document: own };
    const chosen = name ?? own.value;
    return { chosen, document: await folder.create(chosen) };
  });
}

/** The keys of this machine, and which of them signs. */
interface OwnKeys {
  readonly folder: KeyFolder;
  /** In the environment that is meant where none is named. */
  readonly own: string;
  readonly region: string | undefined;
}

async function withKeyFolder(
  ports: ProjectPorts,
  work: (keys: OwnKeys) => Promise<
    { readonly chosen: string; readonly document: Result<PublicKeyDocument, ProjectFailure> }
  >,
): Promise<Result<ExportedKey, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const folder = await ports.keyFolder(workspace.value.paths);
  const picked = pickEnvironment(workspace.value, undefined);
  const { signing, region } = picked.ok ? picked.value.keys : LOCAL_KEYS;
  const own = folder.ownName(signing);
  if (!own.ok) return own;
  const { chosen, document } = await work({ folder, own: own.value, region });
  if (!document.ok) return document;
  const pem = folder.pem(document.value);
  return ok({ name: chosen, document: document.value, pem, isOwn: chosen === own.value });
}
