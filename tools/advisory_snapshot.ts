import { packageName, packageVersion } from "./lock_file.ts";
import type { AcceptedAdvisory } from "./supply_policy.ts";
import { rangeHolds } from "./version_range.ts";

/** Where the snapshot lies. */
export const SNAPSHOT_PATH = "docs/advisories.json";
/** After so many days a snapshot says too little about today, and a release wants a newer one. */
export const SNAPSHOT_LIFE_DAYS = 30;
const DAY_MS = 86_400_000;

/** What was known of the locked packages on one day. */
export interface AdvisorySnapshot {
  readonly schema: "smelt.advisories.v1";
  readonly sources: readonly AdvisorySource[];
  /** All that the sources know of the packages by name, also what does not affect the locked versions. */
  readonly advisories: readonly Advisory[];
}

/** Where a part of a snapshot comes from. */
export interface AdvisorySource {
  /** The day of the answer, as `2026-01-02`. */
  readonly date: string;
  /** Who answered, and how far that can be relied on. */
  readonly source: string;
  /** What was asked about, as `name@version`. */
  readonly packages: readonly string[];
}

/** One published weakness of a package. */
export interface Advisory {
  readonly package: string;
  /** For example `GHSA-pqhp-25j4-6hq9`. */
  readonly id: string;
  readonly severity: string;
  readonly title: string;
  /** The versions that have it, as a range of npm. */
  readonly affected: string;
}

/** What an advisory is held against. */
export interface AdvisoryCheck {
  /** The locked packages, as `name@version`. */
  readonly locked: readonly string[];
  readonly accepted: readonly AcceptedAdvisory[];
  readonly today: Date;
}

/** Names each locked package that the snapshot does not cover, each advisory that affects one, and each acceptance that is over. */
export function advisoryBreaches(snapshot: AdvisorySnapshot, check: AdvisoryCheck): readonly string[] {
  const covered = new Set(snapshot.sources.flatMap(({ packages }) => packages));
  const day = check.today.toISOString().slice(0, 10);
  const accepted = new Set(check.accepted.filter(({ until }) => until >= day).map(({ id }) => id));
  return [
    ...check.locked.filter((id) => !covered.has(id)).map((id) => `${SNAPSHOT_PATH} does not cover ${id}`),
    ...snapshot.sources.filter(({ date }) => !(date <= day))
      .map(({ date }) => `${SNAPSHOT_PATH} has a source of ${date}, and today is ${day}`),
    ...check.accepted.filter(({ until }) => until < day)
      .map(({ id, until }) => `${id} was accepted until ${until}: mend it, or decide again`),
    ...check.locked.flatMap((id) =>
      snapshot.advisories.filter((each) => affects(each, id) && !accepted.has(each.id))
        .map((each) =>
          `${id} is affected by ${each.id} (${each.severity}): ${each.title}; affected ${each.affected}`
        )
    ),
  ];
}

/** How many whole days old the oldest part of the snapshot is. */
export function snapshotAgeDays({ sources }: AdvisorySnapshot, today: Date): number {
  const oldest = Math.min(...sources.map(({ date }) => Date.parse(date)));
  return Math.floor((today.getTime() - oldest) / DAY_MS);
}

function affects(advisory: Advisory, id: string): boolean {
  return advisory.package === packageName(id) && rangeHolds(advisory.affected, packageVersion(id));
}
