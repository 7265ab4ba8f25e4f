import type { Advisory } from "./advisory_snapshot.ts";
import { packageName, packageVersion } from "./lock_file.ts";

/** Why a registry gave no advisories. */
export interface NoAnswer {
  readonly why: string;
}

const TIMEOUT_MS = 30_000;

/**
 * Asks a registry of npm for the advisories of the locked packages, in one request: what `npm audit` and `deno audit` ask.
 * The address of the registry comes from the configuration of the user's npm, never from here.
 */
export async function registryAdvisories(
  registry: string,
  locked: readonly string[],
): Promise<readonly Advisory[] | NoAnswer> {
  const versions = Map.groupBy(locked, packageName);
  const body = Object.fromEntries([...versions].map(([name, ids]) => [name, ids.map(packageVersion)]));
  try {
    const response = await fetch(new URL("-/npm/v1/security/advisories/bulk", withSlash(registry)), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return response.ok ? parseAnswer(text) : { why: `it answers with status ${response.status}` };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)) {
      throw error;
    }
    return { why: error.message };
  }
}

function withSlash(registry: string): string {
  return registry.endsWith("/") ? registry : `${registry}/`;
}

interface Answered {
  readonly url?: string;
  readonly title?: string;
  readonly severity?: string;
  readonly vulnerable_versions?: string;
}

/** What lacks a range counts as affecting every version. */
function parseAnswer(text: string): readonly Advisory[] {
  const answer: Readonly<Record<string, readonly Answered[]>> = JSON.parse(text);
  return Object.entries(answer).flatMap(([name, found]) =>
    found.map((each) => ({
      package: name,
      id: each.url?.split("/").at(-1) ?? "unnamed",
      severity: each.severity ?? "unknown",
      title: each.title ?? "without a title",
      affected: each.vulnerable_versions ?? "*",
    }))
  );
}
