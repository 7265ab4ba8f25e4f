/**
 * Writes the reference of the providers, one page each in docs/providers/, from their schemas. With `--check` it writes
 * nothing and exits with 1 when a page is not what the schemas say.
 */
import { err } from "../engine/result.ts";
import type { Clock } from "../engine/clock.ts";
import type { Random } from "../engine/random.ts";
import { localProvider } from "../providers/local/local_provider.ts";
import { ociProvider } from "../providers/oci/oci_provider.ts";
import type { Provider } from "../providers/provider.ts";
import { randomProvider } from "../providers/random/random_provider.ts";
import { simProvider } from "../providers/sim/sim_provider.ts";
import { tlsProvider } from "../providers/tls/tls_provider.ts";
import { providerPage } from "./provider_page.ts";
import { complain, say } from "../tools/say.ts";

if (import.meta.main) Deno.exit(writeReference(Deno.args.includes("--check") ? "check" : "write"));

/** The pages by their path from the project root. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map(
    allProviders().map(({ name, schemas }) => [`docs/providers/${name}.md`, providerPage(name, schemas)]),
  );
}

/** Paths of the pages that are missing or not what the schemas say. */
export function stalePages(): readonly string[] {
  return [...referencePages()].filter(([path, page]) => readPage(path) !== page).map(([path]) => path);
}

function writeReference(mode: "check" | "write"): number {
  const stale = stalePages();
  if (mode === "check") {
    for (const path of stale) complain(`${path}: not what the schemas say, run docs/provider_reference.ts`);
    return stale.length === 0 ? 0 : 1;
  }
  Deno.mkdirSync("docs/providers", { recursive: true });
  for (const [path, page] of referencePages()) Deno.writeTextFileSync(path, page);
  say(`provider reference: ${stale.length} pages changed`);
  return 0;
}

function readPage(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}

/** Providers are asked for their schemas only: no call is made, and nothing is drawn. */
function allProviders(): readonly Provider[] {
  const clock: Clock = { wallMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const random: Random = { bytes: (count) => new Uint8Array(count) };
  return [
    localProvider("."),
    ociProvider({
      clock,
      random,
      readVariable: () => undefined,
      root: ".",
      cacheFolder: ".",
      toolVersion: "1.2.3",
      openKey: () => Promise.resolve(err({ kind: "keys", message: "No key is known here" })),
      openSigner: () => Promise.resolve(err({ kind: "keys", message: "No key signs here" })),
    }).provider,
    randomProvider(random),
    simProvider({ folder: ".", clock, random, faults: () => undefined }),
    tlsProvider(clock, random),
  ];
}
