import { ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";
import type { KeyFolder, PublicKeyDocument } from "./key_folder.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openConfigured } from "./workspace.ts";

/** A document, and whether the key signs on this machine. */
export interface ExportedKey {
  /** The file's name without `.key`. */
  readonly name: string;
  readonly document: PublicKeyDocument;
  /** The same key in PEM, as other programs read it. */
  readonly pem: string;
  readonly isOwn: boolean;
}

/** Gives the public half of a key of this machine; the one that signs here where no name is given. */
export async function exportKey(
  ports: ProjectPorts,
  name: string | undefined,
): Promise<Result<ExportedKey, ProjectFailure>> {
  return await withKeyFolder(ports, name, (folder, chosen) => folder.document(chosen));
}

/** Makes a key on this machine and gives its public half. No log trusts it yet. */
export async function createKey(
  ports: ProjectPorts,
  name: string | undefined,
): Promise<Result<ExportedKey, ProjectFailure>> {
  return await withKeyFolder(ports, name, (folder, chosen) => folder.create(chosen));
}

async function withKeyFolder(
  ports: ProjectPorts,
  name: string | undefined,
  work: (folder: KeyFolder, name: string) => Promise<Result<PublicKeyDocument, ProjectFailure>>,
): Promise<Result<ExportedKey, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const folder = await ports.keyFolder(workspace.value.paths);
  const own = folder.ownName();
  if (!own.ok) return own;
  const chosen = name ?? own.value;
  const document = await work(folder, chosen);
  if (!document.ok) return document;
  const pem = folder.pem(document.value);
  return ok({ name: chosen, document: document.value, pem, isOwn: chosen === own.value });
}
