/** What is looked at before a release, as texts. */
export interface ReleaseState {
  /** The version of `deno.json`. */
  readonly version: string;
  /** The version that the program prints, as `project/version.ts` writes it. */
  readonly programText: string;
  readonly changelog: string;
  /** What `git status --porcelain` prints. */
  readonly status: string;
  /** Pages of promises by their paths: what is not kept yet stands there as `- open: …`. */
  readonly promises: Readonly<Record<string, string>>;
  /** The day of the release, as `2026-01-02`. */
  readonly day: string;
}

/** Names what stands against a release of this tree. */
export function releaseBreaches(state: ReleaseState): readonly string[] {
  return [...versionBreaches(state), ...changelogBreaches(state), ...treeBreaches(state), ...openRows(state)];
}

function versionBreaches({ version, programText }: ReleaseState): readonly string[] {
  const printed = /VERSION = "([^"]*)"/.exec(programText)?.[1] ?? "none";
  return printed === version
    ? []
    : [`project/version.ts has the version ${printed}, deno.json has ${version}`];
}

/** Keep a Changelog: what is unreleased first, then the versions, the newest on top. */
function changelogBreaches({ version, changelog, day }: ReleaseState): readonly string[] {
  const sections = changelog.split(/^## /m).slice(1).map((text) => text.split("\n"));
  const [unreleased, newest] = sections;
  const left = unreleased?.slice(1).filter((line) => line.trim() !== "" && !line.startsWith("#")) ?? [];
  const [, found, date = ""] = /^\[([^\]]+)\] - (\d{4}-\d\d-\d\d)$/.exec(newest?.[0] ?? "") ?? [];
  const isOrdered = unreleased?.[0] === "[Unreleased]";
  return [
    ...(isOrdered ? [] : ['CHANGELOG.md does not begin with "## [Unreleased]"']),
    ...(left.length === 0 || !isOrdered ? [] : [`CHANGELOG.md has ${left.length} lines under [Unreleased]`]),
    ...(found === version
      ? []
      : [`CHANGELOG.md has no "## [${version}] - ${day}" as its newest version, found ${found ?? "none"}`]),
    ...(found === version && date > day
      ? [`CHANGELOG.md dates ${version} to ${date}, and today is ${day}`]
      : []),
  ];
}

function treeBreaches({ status }: ReleaseState): readonly string[] {
  return status.split("\n").filter((line) => line !== "").map((line) =>
    `the tree is not clean: ${line.slice(3)}`
  );
}

function openRows({ promises }: ReleaseState): readonly string[] {
  return Object.entries(promises).flatMap(([path, text]) =>
    [...text.matchAll(/^- open: (.*)$/gm)].map(([, what = ""]) => `${path} has an open row: ${what}`)
  );
}
