import { parse, TomlError } from "smol-toml";
import { isJsonObject, parseJson } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { compareVersions, parseVersion, type Version } from "./version.ts";
import { parseVersionReq, rangesBetween, type VersionRange } from "./version_req.ts";

/** An advisory of the RustSec database, in either form that it is published in. */
export interface Advisory {
  /** For example `RUSTSEC-2020-0071`. */
  readonly id: string;
  /** The package that it is about. */
  readonly package: string;
  /** When it became known, `YYYY-MM-DD`. */
  readonly date: string;
  readonly title: string;
  /** What it warns of where it is no vulnerability: `unmaintained`, `unsound`, `notice` and others. */
  readonly informational: string | undefined;
  readonly state: "standing" | "withdrawn";
  /** The vector of its severity. */
  readonly cvss: string | undefined;
  /** Systems and processors that it is about, by the names of Rust; all where there are none. */
  readonly systems: readonly string[];
  readonly processors: readonly string[];
  /** In order, without overlap. */
  readonly affected: readonly VersionRange[];
}

const FENCE = "```toml\n";
const FENCE_END_REGEXP = /^```\s*$/m;
const ID_REGEXP = /^(?:RUSTSEC-[0-9]{4}-[0-9]{4}|CVE-[0-9]{4}-[0-9]{4,})$/;
const DATE_REGEXP = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/;
const PACKAGE_REGEXP = /^[A-Za-z0-9_-]{1,64}$/;
const DATE_LENGTH = 10;

/** Reads an advisory as its authors write it, text with a table of TOML before it; the error ends a sentence. */
export function parseAdvisory(text: string): Result<Advisory, string> {
  const document = frontMatter(text.replaceAll("\r\n", "\n"));
  if (!document.ok) return document;
  const { head, rest } = document.value;
  const { affected = {}, versions = {} } = head;
  const about = tableOf(head["advisory"]);
  const unaffected: VersionRange[] = [];
  for (const key of ["patched", "unaffected"]) {
    const texts = textsOf(tableOf(versions)[key]);
    if (texts === undefined) return err(`its "versions.${key}" is no list of texts`);
    for (const each of texts) {
      const range = parseVersionReq(each);
      if (!range.ok) return err(`in "versions.${key}", ${range.error}`);
      unaffected.push(range.value);
    }
  }
  const ranges = rangesBetween(unaffected);
  if (!ranges.ok) return ranges;
  return checked({
    id: about["id"],
    package: about["package"],
    date: about["date"],
    title: /^#[ \t]+(.+)$/m.exec(rest)?.[1]?.trim() ?? "",
    informational: about["informational"],
    withdrawn: about["withdrawn"],
    cvss: about["cvss"],
    systems: tableOf(affected)["os"],
    processors: tableOf(affected)["arch"],
    affected: ranges.value,
  });
}

/** Reads an advisory in the form of OSV, as the database is exported; the error ends a sentence. */
export function parseOsvAdvisory(text: string): Result<Advisory, string> {
  const json = parseJson(text);
  if (!isJsonObject(json)) return err("it is no JSON object");
  const document = tableOf(json);
  const all = document["affected"];
  const [affected] = Array.isArray(all) ? all : [];
  if (!Array.isArray(all) || all.length !== 1) return err(`its "affected" is no list of one package`);
  const about = tableOf(tableOf(affected)["package"]);
  if (about["ecosystem"] !== "crates.io") return err("it is about no package of crates.io");
  const ranges = osvRanges(tableOf(affected)["ranges"]);
  if (!ranges.ok) return ranges;
  const specific = tableOf(tableOf(affected)["database_specific"]);
  const affects = tableOf(tableOf(tableOf(affected)["ecosystem_specific"])["affects"]);
  return checked({
    id: document["id"],
    package: about["name"],
    date: String(document["published"]).slice(0, DATE_LENGTH),
    title: document["summary"],
    informational: specific["informational"] ?? undefined,
    withdrawn: document["withdrawn"],
    cvss: specific["cvss"] ?? undefined,
    systems: affects["os"],
    processors: affects["arch"],
    affected: ranges.value,
  });
}

type Table = Readonly<Record<string, unknown>>;

interface Unchecked extends Readonly<Record<string, unknown>> {
  readonly affected: readonly VersionRange[];
}

function checked(raw: Unchecked): Result<Advisory, string> {
  const { affected, cvss, date, id, informational, title } = raw;
  const name = raw["package"];
  if (typeof id !== "string" || !ID_REGEXP.test(id)) return err(`its id is no id: "${String(id)}"`);
  if (typeof name !== "string" || !PACKAGE_REGEXP.test(name)) return err("it names no package");
  if (typeof date !== "string" || !DATE_REGEXP.test(date)) return err(`its date is none: "${String(date)}"`);
  if (informational !== undefined && typeof informational !== "string") {
    return err(`its "informational" is no text`);
  }
  const systems = textsOf(raw["systems"]);
  const processors = textsOf(raw["processors"]);
  if (systems === undefined || processors === undefined) return err(`its "affected" holds no lists of texts`);
  return ok({
    id,
    package: name,
    date,
    title: typeof title === "string" ? title : "",
    informational,
    state: raw["withdrawn"] === undefined || raw["withdrawn"] === null ? "standing" : "withdrawn",
    cvss: typeof cvss === "string" ? cvss : undefined,
    systems,
    processors,
    affected,
  });
}

function frontMatter(text: string): Result<{ readonly head: Table; readonly rest: string }, string> {
  const end = FENCE_END_REGEXP.exec(text.slice(FENCE.length));
  if (!text.startsWith(FENCE) || end === null) return err("it does not begin with a table between fences");
  const stop = FENCE.length + end.index;
  try {
    return ok({ head: parse(text.slice(FENCE.length, stop)), rest: text.slice(stop) });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    return err(`${reason}, in line ${error.line + 1}`);
  }
}

/** Events come in pairs, a version that brought it and one that has it no more; without an end where it was never mended. */
function osvRanges(value: unknown): Result<readonly VersionRange[], string> {
  const ranges: VersionRange[] = [];
  for (const range of Array.isArray(value) ? value : []) {
    const events = tableOf(range)["events"];
    if (tableOf(range)["type"] !== "SEMVER" || !Array.isArray(events)) {
      return err("one of its ranges is not of versions by SemVer");
    }
    const read = readEvents(events);
    if (read === undefined) return err("the events of its ranges are no pairs of versions in order");
    ranges.push(...read);
  }
  if (ranges.length === 0) return err("it names no range of versions");
  // The export writes what lies between two ranges that touch too.
  return ok(ranges.filter(({ from, to }) => to === undefined || compareVersions(from, to) < 0));
}

function readEvents(events: readonly unknown[]): readonly VersionRange[] | undefined {
  const ranges: VersionRange[] = [];
  let from: Version | undefined;
  let last: Version | undefined;
  for (const event of events) {
    const { fixed, introduced } = tableOf(event);
    const version = parseVersion(String(introduced ?? fixed));
    const isStart = introduced !== undefined;
    if (version === undefined || isStart !== (from === undefined)) return undefined;
    if (last !== undefined && compareVersions(version, last) < 0) return undefined;
    if (from !== undefined) ranges.push({ from, to: version });
    from = isStart ? version : undefined;
    last = version;
  }
  return from === undefined ? ranges : [...ranges, { from, to: undefined }];
}

function tableOf(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Table : {};
}

/** No list is an empty one. */
function textsOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value : undefined;
}
