/** Reads what a folder of git says of where a source is from, as text: no program is run, and nothing else of it is looked at. */

/** What `HEAD` says. */
export type GitHead =
  | { readonly kind: "branch"; readonly ref: string }
  | { readonly kind: "commit"; readonly commit: string };

const COMMIT_REGEXP = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** What git allows in the name of a ref (git-check-ref-format). */
const REF_REGEXP = /^refs\/[^\p{Cc}\s~^:?*[\\]{1,250}$/u;
/** `user@host:path`, as ssh has it. */
const SCP_REGEXP = /^(?:[^@/:]+@)?([A-Za-z0-9.-]{2,}):(?!\/)(.+)$/;

/** Reads the file `HEAD`. */
export function readGitHead(text: string): GitHead | undefined {
  const line = text.trim();
  if (COMMIT_REGEXP.test(line)) return { kind: "commit", commit: line };
  const ref = /^ref: (.+)$/.exec(line)?.[1];
  return ref !== undefined && isGitRef(ref) ? { kind: "branch", ref } : undefined;
}

/** Whether a text names a ref, and no file outside of the folder. */
export function isGitRef(text: string): boolean {
  return REF_REGEXP.test(text) &&
    !text.split("/").some((part) => part === "" || part.startsWith(".") || part.includes(".."));
}

/** The commit in the file of a ref. */
export function readGitCommit(text: string): string | undefined {
  const line = text.trim();
  return COMMIT_REGEXP.test(line) ? line : undefined;
}

/** The commit of a ref in the file `packed-refs`. */
export function packedCommit(text: string, ref: string): string | undefined {
  const line = text.split("\n").find((each) => each.endsWith(` ${ref}`));
  return line === undefined ? undefined : readGitCommit(line.slice(0, -ref.length));
}

/** Where `origin` is, of the file `config`, as a URI without any name or password; `undefined` for a place on this machine. */
export function originUri(config: string): string | undefined {
  const section = config.split(/^\[/m).find((each) => each.startsWith('remote "origin"]'));
  const url = /^\s*url\s*=\s*(.+?)\s*$/m.exec(section ?? "")?.[1];
  return url === undefined ? undefined : publicUri(url);
}

function publicUri(url: string): string | undefined {
  if (/^(?:https?|ssh|git):\/\//.test(url) && URL.canParse(url)) {
    const parsed = new URL(url);
    return `git+https://${parsed.hostname}${portOf(parsed)}${withoutEnding(parsed.pathname)}`;
  }
  const [, host, path] = SCP_REGEXP.exec(url) ?? [];
  return host === undefined || path === undefined ? undefined : `git+https://${host}/${withoutEnding(path)}`;
}

/** A port of ssh leads nowhere by https. */
function portOf({ port, protocol }: URL): string {
  return port !== "" && protocol.startsWith("http") ? `:${port}` : "";
}

function withoutEnding(path: string): string {
  return path.replace(/\.git$/, "");
}
