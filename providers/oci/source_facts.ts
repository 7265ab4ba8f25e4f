import { dirname, join } from "node:path";
import { isGitRef, originUri, packedCommit, readGitCommit, readGitHead } from "../../image/git_source.ts";
import { isAbsent } from "./file_answer.ts";
import { sha256 } from "./sha256.ts";

/** Where a source is from, as far as the files beside it tell. */
export interface SourceFacts {
  /** Such as `git+https://github.com/me/web`. */
  readonly uri: string | undefined;
  /** Such as `refs/heads/main`. */
  readonly ref: string | undefined;
  readonly commit: string | undefined;
}

const LOCK_FILE = "Cargo.lock";

/** Reads the folder of git that `folder` lies in. What is not there, or may not be read, is left out. */
export async function sourceFacts(folder: string): Promise<SourceFacts> {
  const git = await gitFolder(folder);
  const head = git === undefined ? undefined : readGitHead(await textIn(git, "HEAD"));
  if (git === undefined || head === undefined) return { uri: undefined, ref: undefined, commit: undefined };
  const uri = originUri(await textIn(git, "config"));
  if (head.kind === "commit") return { uri, ref: undefined, commit: head.commit };
  const { ref } = head;
  const loose = isGitRef(ref) ? readGitCommit(await textIn(git, ref)) : undefined;
  return { uri, ref, commit: loose ?? packedCommit(await textIn(git, "packed-refs"), ref) };
}

/** The digest of the Cargo.lock that counts for a package in `folder`: its own, or its workspace's. */
export async function cargoLockDigest(folder: string): Promise<string | undefined> {
  for (let at = folder;; at = dirname(at)) {
    const text = await textIn(at, LOCK_FILE);
    if (text !== "") return sha256(new TextEncoder().encode(text));
    if (at === dirname(at)) return undefined;
  }
}

async function gitFolder(folder: string): Promise<string | undefined> {
  for (let at = folder;; at = dirname(at)) {
    if (await textIn(at, ".git/HEAD") !== "") return join(at, ".git");
    if (at === dirname(at)) return undefined;
  }
}

/** Empty where there is no such file, or nobody may read it. */
async function textIn(folder: string, name: string): Promise<string> {
  try {
    return await Deno.readTextFile(join(folder, name));
  } catch (error) {
    const isRefused = error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.PermissionDenied;
    const isFolder = error instanceof Error && "code" in error && error.code === "EISDIR";
    if (isRefused || isFolder || isAbsent(error)) return "";
    throw error;
  }
}
