/**
 * What a thief of a signing key that was exchanged since can do with an older log, which trusts that key still: whoever knows of the
 * exchange is not made to accept it, by whatever program.
 */
import { match, ok, strictEqual } from "node:assert/strict";
import type { Event } from "../engine/event.ts";
import type { LogRecord } from "../engine/record.ts";
import type { ProjectPorts } from "../project/project_ports.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { importEd25519, makeEd25519, type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import {
  another,
  type ExchangedKey,
  retiredName,
  setBackOverRotation,
  sharedProject,
} from "./harness/exchanged_key.ts";
import { forge, recordsOf, stolenKey } from "./harness/forged_log.ts";
import { KeyHolder } from "./harness/key_holder.ts";
import type { TestProject } from "./harness/test_project.ts";
import { withMethods } from "./harness/with_methods.ts";
import { SeededRandom } from "./support/seeded_random.ts";

const RESTORED = ["recover", "--restored", "--yes"];
const ALL = ["admin", "apply", "approve"] as const;

/** The pins that name the lost record, as the events of a run that accepts it. */
async function acceptance({ project, lost }: ExchangedKey, checks: RecordChecks): Promise<readonly Event[]> {
  const lines = lost.trimEnd().split("\n");
  const [text = ""] = lines.at(-1)?.split("\t") ?? [];
  const { length } = await recordsOf(project);
  return [started(), {
    type: "LogRestored",
    lostSeq: lines.length,
    lostHash: checks.hash(new TextEncoder().encode(text)),
    restoredSeq: length,
  }];
}

const RUN = "ab".repeat(16);

function started(): Event {
  const claims = { writes: [], reads: [] };
  return {
    type: "RunStarted",
    run: RUN,
    command: "recover",
    ...claims,
    host: "h",
    who: "ada",
    ttlMs: 30_000,
  };
}

/** A key of the thief's own. */
async function ownKey(checks: RecordChecks): Promise<SigningKey> {
  const key = await importEd25519(checks.hash, "local", makeEd25519(new SeededRandom(7)));
  ok(key !== undefined);
  return key;
}

async function writeLog(project: TestProject, lines: readonly string[]): Promise<void> {
  await Deno.writeTextFile(project.logPath, lines.map((line) => `${line}\n`).join(""));
}

async function linesOf(project: TestProject): Promise<readonly string[]> {
  return (await Deno.readTextFile(project.logPath)).trimEnd().split("\n");
}

function isAcceptance({ events }: LogRecord): boolean {
  return events.some(({ type }) => type === "LogRestored");
}

/** Refused to whoever has seen the exchange, by all commands alike. */
async function refusedTo(users: readonly KeyHolder[], what: string): Promise<void> {
  for (const user of users) {
    for (const args of [["plan"], ["apply", "--yes"], ["taint", "net.main"], ["keys", "list"]]) {
      match(await user.refused(6, args), /^error: Cannot /, `${what}: ${args.join(" ")}`);
    }
    match((await user.expect(6, ["audit", "verify"])).stdout, /FAILED/, what);
  }
}

Deno.test("8: a key that was exchanged makes nobody accept an older log who knows of that, with all that it can sign", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, bob, old, now, older } = exchanged;
  await using _ = project;
  const checks = await loadRecordChecks();
  const stolen = await stolenKey(project, checks, retiredName(old));
  const accepts = await acceptance(exchanged, checks);
  const own = await ownKey(checks);
  const ci = await stolenKey(project, checks, "ci");
  const users = [ada, bob];

  await forge(project, checks, stolen, { run: RUN, events: accepts });
  await refusedTo(users, "by the old key alone");
  await Deno.writeTextFile(project.logPath, older);

  const current = trustedKey(await stolenKey(project, checks, "local"), ALL);
  strictEqual(current.id, now);
  const [begun, loss] = accepts;
  ok(begun !== undefined && loss !== undefined);
  const letIn: Event = { type: "KeyTrusted", key: current };
  await forge(project, checks, stolen, { run: RUN, events: [begun, letIn, loss] });
  await refusedTo(users, "by the old key, which trusts the new one");
  await Deno.writeTextFile(project.logPath, older);

  for (
    const [key, who] of [[own, "a key of the thief's own"], [ci, "a key that could only apply"]] as const
  ) {
    const event: Event = { type: "KeyTrusted", key: trustedKey(key, ALL) };
    await forge(project, checks, stolen, { run: RUN, events: [begun, letIn, event] });
    await forge(project, checks, key, { run: RUN, events: [loss] });
    await refusedTo(users, `by ${who}, which the old one has let in`);
    await Deno.writeTextFile(project.logPath, older);
  }

  // Under the id of the new key, by another one.
  await forge(project, checks, stolen, { run: RUN, events: [begun, letIn] });
  const signer = { keyId: now, sign: own.signer.sign };
  await forge(project, checks, { ...own, signer }, { run: RUN, events: [loss] });
  await refusedTo(users, "under the name of the new key");
});

Deno.test("8: an acceptance by the new key counts where it stands and nowhere else", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, bob, old, older } = exchanged;
  await using _ = project;
  const checks = await loadRecordChecks();
  await ada.expect(0, RESTORED);
  const mended = await linesOf(project);
  const at = (await recordsOf(project)).findIndex(isAcceptance);
  const line = mended[at] ?? "";
  const stolen = await stolenKey(project, checks, retiredName(old));
  const tail = mended.slice(at - 1);

  // Up to the record before it the log is as it was: refused.
  await writeLog(project, mended.slice(0, at));
  await refusedTo([bob], "without the acceptance");

  // On what the old key has written in the place of what the new one has seen: another restored head.
  await Deno.writeTextFile(project.logPath, older);
  const begun = started();
  const mine: Event = { type: "KeyTrusted", key: trustedKey(await ownKey(checks), ALL) };
  await forge(project, checks, stolen, { run: RUN, events: [begun, mine] });
  await writeLog(project, [...await linesOf(project), ...tail]);
  await refusedTo([bob], "after what the old key has added");
  const shorter = older.trimEnd().split("\n").slice(0, -2);
  await writeLog(project, [...shorter, ...tail]);
  await refusedTo([bob], "on a shorter log");
  await writeLog(project, [...older.trimEnd().split("\n"), ...mended.slice(at)]);
  await refusedTo([bob], "without the record that lets the new key in");

  // With one character as another, wherever.
  for (let place = 0; place < line.length; place += Math.ceil(line.length / 24)) {
    const found = line[place];
    const flipped = `${line.slice(0, place)}${found === "a" ? "b" : "a"}${line.slice(place + 1)}`;
    await writeLog(project, [...mended.slice(0, at), flipped, ...mended.slice(at + 1)]);
    await refusedTo([bob], `with character ${place} altered`);
  }
  await writeLog(project, mended);
  await bob.expect(0, ["plan"]);
});

Deno.test("P15 b, P14: the acceptance of one lost record, or of another environment's log, excuses no other", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, bob, older } = exchanged;
  await using _ = project;
  await ada.expect(0, RESTORED);
  const mended = await Deno.readTextFile(project.logPath);
  await ada.expect(0, ["taint", "net.main"]);
  await bob.expect(0, ["plan"]);

  // Restored a second time, with the acceptance of the first.
  await Deno.writeTextFile(project.logPath, mended);
  await refusedTo([ada, bob], "with the acceptance of an earlier loss");
  await Deno.writeTextFile(project.logPath, older);
  await ada.expect(0, RESTORED);
  const again = await recordsOf(project);
  const first = mended.trimEnd().split("\n");
  const at = again.findIndex(isAcceptance);
  await writeLog(project, [...(await linesOf(project)).slice(0, at), ...first.slice(at)]);
  await refusedTo([bob], "with the acceptance of an earlier loss in the place of the right one");
});

Deno.test("P15 b, P10: an acceptance of another environment's log, by the same key, is no acceptance here", async () => {
  const { project, ada, bob } = await sharedProject();
  await using _ = project;
  await ada.expect(0, ["env", "create", "other"]);
  await ada.expect(0, ["init", "other"]);
  const otherPath = `${project.root}/.smelt/log/other.log`;
  const logs = [project.logPath, otherPath];
  const older = await Promise.all(logs.map((path) => Deno.readTextFile(path)));
  await ada.expect(0, ["keys", "rotate", "--yes"]);
  await bob.expect(0, ["plan"]);
  for (const [nth, path] of logs.entries()) await Deno.writeTextFile(path, older[nth] ?? "");
  await ada.expect(0, ["recover", "--restored", "--yes", "other"]);
  const others = (await Deno.readTextFile(otherPath)).trimEnd().split("\n");
  const tail = others.slice((older[1] ?? "").trimEnd().split("\n").length);
  ok(tail.some((line) => line.includes("LogRestored")));
  await writeLog(project, [...(older[0] ?? "").trimEnd().split("\n"), ...tail]);
  await refusedTo([bob], "of the other environment");
  await Deno.writeTextFile(project.logPath, older[0] ?? "");
  await ada.expect(0, RESTORED);
  await bob.expect(0, ["plan"]);
});

Deno.test("P15 b, P14: an admin whom a thief of the old key has let into the older log is named before its loss is accepted", async () => {
  const exchanged = await setBackOverRotation();
  const { project, ada, old } = exchanged;
  await using _ = project;
  const checks = await loadRecordChecks();
  const stolen = await stolenKey(project, checks, retiredName(old));
  const mine = trustedKey(await ownKey(checks), ALL);
  await forge(project, checks, stolen, { run: RUN, events: [started(), { type: "KeyTrusted", key: mine }] });
  const asked = await ada.refused(4, RESTORED.slice(0, -1));
  match(
    asked,
    new RegExp(
      `trusts the key "local" \\(${
        mine.id.slice(0, 8)
      }\\) as an admin, which in the lost part was none: smelt keys revoke`,
    ),
  );
});

/** Ports of a process that somebody overtakes with a record, right before its nth append. */
function overtaken(ports: ProjectPorts, nth: number, overtake: () => Promise<void>): ProjectPorts {
  let count = 0;
  return {
    ...ports,
    openEnvironment: async (...args) => {
      const opened = await ports.openEnvironment(...args);
      if (!opened.ok) return opened;
      const { journal } = opened.value;
      const append: typeof journal.append = async (batch) => {
        if (count++ === nth) await overtake();
        return await journal.append(batch);
      };
      return { ok: true, value: { ...opened.value, journal: withMethods(journal, { append }) } };
    },
  };
}

Deno.test("P15 b, P14: an admin whom a thief lets in after somebody was asked is no admin unseen: nothing is accepted, or it is said at once", async () => {
  const exchanged = await setBackOverRotation();
  await using _ = exchanged.project;
  const checks = await loadRecordChecks();
  const mine = trustedKey(await ownKey(checks), ALL);
  const events: readonly Event[] = [started(), { type: "KeyTrusted", key: mine }];
  for (let nth = 0; nth < 5; nth++) {
    await using project = await exchanged.project.copy();
    const [ada, bob] = [new KeyHolder(project, ""), another(project, "bob")];
    const stolen = await stolenKey(project, checks, retiredName(exchanged.old));
    const ports = overtaken(ada.ports, nth, () => forge(project, checks, stolen, { run: RUN, events }));
    const ran = await ada.run(RESTORED, "", ports);
    const [isAccepted, where] = [(await recordsOf(project)).some(isAcceptance), `before append ${nth}`];
    strictEqual(isAccepted, nth === 4, where);
    strictEqual(ran.code, 6, `${where}: ${ran.stderr}`);
    const told = isAccepted ? "The loss is accepted" : "No loss was accepted";
    match(
      ran.stderr,
      new RegExp(`error: ${told}, and meanwhile somebody has let the key "local" .* in as an admin`),
    );
    if (!isAccepted) await refusedTo([bob], where);
  }
});
