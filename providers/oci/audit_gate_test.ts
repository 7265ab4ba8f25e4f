import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { dirname, join } from "node:path";
import type { AuditFacts, AuditRequest } from "../image_contents.ts";
import { hurriedClock, testRandom } from "./_test_image.ts";
import { imageTools } from "./image_tools.ts";

const TODAY = Date.parse("2026-11-29T12:00:00Z");
const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";
const LOCK = `version = 4\n\n[[package]]\nname = "time"\nversion = "0.1.45"\nsource = "${CRATES_IO}"\n`;
const TIME = "crates/time/RUSTSEC-2020-0071.md";
const ADVISORY = `\`\`\`toml
[advisory]
id = "RUSTSEC-2020-0071"
package = "time"
date = "2026-11-18"

[versions]
patched = [">= 0.2.23"]
\`\`\`
# Potential segfault in the time crate
`;
const EXPORTED = JSON.stringify({
  id: "RUSTSEC-2020-0071",
  published: "2026-11-18T12:00:00Z",
  summary: "Potential segfault in the time crate",
  affected: [{
    package: { ecosystem: "crates.io", name: "time" },
    ranges: [{ type: "SEMVER", events: [{ introduced: "0.0.0-0" }, { fixed: "0.2.23" }] }],
  }],
});

interface AuditFolder extends AsyncDisposable {
  write(path: string, text: string): Promise<void>;
  audit(request?: Partial<AuditRequest>, place?: string): Promise<AuditFacts>;
  refusal(request?: Partial<AuditRequest>, place?: string): Promise<string>;
  readonly folder: string;
}

/** A folder `app` with a lock, and a database `db` of one advisory that affects it. */
async function auditFolder(): Promise<AuditFolder> {
  const folder = await Deno.makeTempDir();
  const tools = imageTools({
    clock: { ...hurriedClock(), wallMs: () => TODAY },
    random: testRandom,
    readVariable: () => undefined,
    workingFolder: folder,
    toolVersion: "1.2.3",
    cacheFolder: join(folder, "cache"),
  });
  const write = async (path: string, text: string) => {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  };
  const run = (request: Partial<AuditRequest> = {}, place = "app") =>
    tools.audit({
      policy: undefined,
      database: "db",
      rules: undefined,
      ...request,
      place,
      layout: place,
      tag: undefined,
    });
  await write("app/Cargo.lock", LOCK);
  await write(`db/${TIME}`, ADVISORY);
  return {
    folder,
    write,
    audit: async (request, place) => {
      const report = await run(request, place);
      ok(report.ok, report.ok ? "" : report.error.message);
      return report.value;
    },
    refusal: async (request, place) => {
      const report = await run(request, place);
      return report.ok ? "" : report.error.message;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function faults({ faults: found, outcome }: AuditFacts): string {
  return [outcome, ...found.map(({ code, effect, message }) => `${code} ${effect}: ${message}`)].join("\n");
}

Deno.test("audit reads a clone of the database and its export to OSV, and finds the same in both", async () => {
  await using test = await auditFolder();
  await test.write("osv/crates/RUSTSEC-2020-0071.json", EXPORTED);
  const clone = await test.audit();
  const exported = await test.audit({ database: "osv" });
  strictEqual(clone.outcome, "refused");
  deepStrictEqual(exported.findings, clone.findings);
  deepStrictEqual(clone.findings.map(({ fixed, id }) => [id, fixed]), [["RUSTSEC-2020-0071", "0.2.23"]]);
  match(clone.database?.digest ?? "", /^sha256:[0-9a-f]{64}$/);
  strictEqual(clone.database?.ageDays, 11);
});

Deno.test("6.4 no. 9: IMG041: without a database what should be looked up is refused, or told where the policy warns", async () => {
  await using test = await auditFolder();
  match(
    faults(await test.audit({ database: undefined })),
    /^refused\nIMG041 refused: no database .*--advisory-db$/,
  );
  match(
    faults(await test.audit({ database: "nowhere" })),
    /^refused\nIMG041 refused: .*"nowhere": there is no such/,
  );
  match(
    faults(await test.audit({ database: "app/Cargo.lock" })),
    /IMG041 refused: .* is no folder of advisories$/,
  );
  match(faults(await test.audit({ database: undefined, policy: "warn" })), /^passed\nIMG041 warned/);
  strictEqual(faults(await test.audit({ database: undefined, policy: "off" })), "passed");
  await test.write("own/Cargo.lock", 'version = 4\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n');
  strictEqual(faults(await test.audit({ database: undefined }, "own")), "passed");
});

Deno.test("6.4 no. 9: IMG043: a database of which one file is not what it should be is refused whole, by the file", async () => {
  const damages: readonly (readonly [path: string, text: string, told: RegExp])[] = [
    [TIME, ADVISORY.slice(0, 60), /"crates\/time\/RUSTSEC-2020-0071\.md" is no advisory/],
    [TIME, ADVISORY.replace(">= 0.2.23", "nonsense"), /"nonsense" is no bound/],
    [TIME, ADVISORY.replace("2020-0071", "2020-0072"), /says that it is RUSTSEC-2020-0072/],
    [TIME, ADVISORY.replace('"time"', '"tame"'), /says that it is about the package "tame"/],
    ["crates/other/RUSTSEC-2026-0001.md", "", /"crates\/other\/RUSTSEC-2026-0001\.md" is no advisory/],
    ["crates/RUSTSEC-2020-0071.json", EXPORTED, /it holds one advisory twice/],
    ["crates/RUSTSEC-2020-0072.json", "{", /is no advisory: it is no JSON object/],
    ["rust/std/CVE-2026-0001.md", "x", /"rust\/std\/CVE-2026-0001\.md" is no advisory/],
  ];
  for (const [path, text, told] of damages) {
    await using test = await auditFolder();
    await test.write(`db/${path}`, text);
    const report = faults(await test.audit());
    match(report, /^refused\nIMG043 refused: the database of advisories "db" is damaged: /);
    match(report, told);
    match(faults(await test.audit({ policy: "warn" })), /^passed\nIMG043 warned/);
  }
  await using test = await auditFolder();
  await test.write("empty/README.md", "");
  match(faults(await test.audit({ database: "empty" })), /IMG043 refused: .*it holds no advisories/);
  await Deno.symlink(join(test.folder, "db/crates/time"), join(test.folder, "db/crates/tame"));
  match(faults(await test.audit()), /IMG043 refused: .*"crates\/tame" is a link/);
});

Deno.test("audit takes its rules from image-audit.toml, and the command line goes before them", async () => {
  await using test = await auditFolder();
  const ignore = '[[ignore]]\nid = "RUSTSEC-2020-0071"\nuntil = 2026-12-31\nreason = "no local time here"\n';
  await test.write("image-audit.toml", `database = "db"\n${ignore}`);
  const ignored = await test.audit({ database: undefined });
  deepStrictEqual([ignored.outcome, ignored.findings[0]?.effect], ["passed", "ignored"]);
  await test.write("image-audit.toml", ignore.replace("2026-12-31", "2026-11-28"));
  match(
    faults(await test.audit()),
    /^refused\nIMG044 refused: RUSTSEC-2020-0071 was ignored until 2026-11-28, because "no local time here"$/,
  );
  match(faults(await test.audit({ policy: "warn" })), /^passed\nIMG044 warned/);
  await test.write("image-audit.toml", ignore.replace("0071", "0001"));
  match(faults(await test.audit()), /IMG045 refused: RUSTSEC-2020-0001 is ignored, and affects nothing here/);
  await test.write("image-audit.toml", "polcy = 1");
  match(await test.refusal(), /^Cannot use "image-audit\.toml": it has an unknown key "polcy"/);
  strictEqual(
    await test.refusal({ rules: "other.toml" }),
    'Cannot read "other.toml": there is no such file or folder',
  );
});

Deno.test("IMG046: a Cargo.lock that cannot be understood is an error under every policy", async () => {
  await using test = await auditFolder();
  await test.write("app/Cargo.lock", "[[package]]\nname = 1\n");
  for (const policy of ["deny", "warn", "off"] as const) {
    match(
      await test.refusal({ policy }),
      /^IMG046: Cannot use the Cargo\.lock of "app": one of its packages has no name/,
    );
  }
  match(await test.refusal({}, "db"), /^Cannot audit "db": /);
});
