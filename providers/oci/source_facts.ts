import { dirname, join } from "node:path";
import { isGitRef, originUri, packedCommit, readGitCommit, readGitHead } from "../../image/git_source.ts";
import { isAbsent } from "./file_answer.ts";
import { runTool } from "./run_tool.ts";
import { sha256 } from "./sha256.ts";

/** Where a source is from, as far as the files beside it tell. */
export interface SourceFacts {
  /** Such as `git+https://github.com/me/web`. */
  readonly uri: string | undefined;
  /** Such as `refs/heads/main`. */
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  /** Whether the files are those of the commit; told where git may be run. */
  readonly workingTree: "clean" | "changed" | "not compared";
}

const NOWHERE: SourceFacts = {
  uri: undefined,
  ref: undefined,
  commit: undefined,
  workingTree: "not compared",
};
const COMPARE_MS = 60_000;

const LOCK_FILE = "Cargo.lock";

/** Reads the folder of git that `folder` lies in. What is not there, or may not be read, is left out. `path` is where programs are. */
export async function sourceFacts(folder: string, path: string | undefined): Promise<SourceFacts> {
  const git = await gitFolder(folder);
  const head = git === undefined ? undefined : readGitHead(await textIn(git, "HEAD"));
  if (git === undefined || head === undefined) return NOWHERE;
  const uri = originUri(await textIn(git, "config"));
  const workingTree = await compareFiles(folder, path);
  if (head.kind === "commit") return { uri, ref: undefined, commit: head.commit, workingTree };
  const { ref } = head;
  const loose = isGitRef(ref) ? readGitCommit(await textIn(git, ref)) : undefined;
  return { uri, ref, commit: loose ?? packedCommit(await textIn(git, "packed-refs"), ref), workingTree };
}

/** Asks git, where the runtime lets it be run; no program that the folder itself names. */
async function compareFiles(folder: string, path: string | undefined): Promise<SourceFacts["workingTree"]> {
  const { state } = await Deno.permissions.query({ name: "run", command: "git" });
  if (state !== "granted" || path === undefined) return "not compared";
  const asked = await runTool("git", ["-c", "core.fsmonitor=false", "status", "--porcelain"], {
    cwd: folder,
    env: { PATH: path, LANG: "C.UTF-8", GIT_OPTIONAL_LOCKS: "0" },
    signal: AbortSignal.timeout(COMPARE_MS),
    says: "nothing",
  });
  if (!asked.ok || !asked.value.success) return "not compared";
  return asked.value.stdout === "" ? "clean" : "changed";
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
