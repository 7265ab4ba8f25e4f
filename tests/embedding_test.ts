import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { applyShop } from "../examples/embedding/apply.ts";
import { auditProject } from "../examples/embedding/audit.ts";
import { checkPlan } from "../examples/embedding/check_plan.ts";
import {
  type ApplyEvent,
  applyVerdict,
  failureText,
  openProject,
  type PlanOptions,
  type Project,
  SealedSecret,
  secret,
  type Stack,
  stack,
} from "../mod.ts";

const FILES = `
resource data "a" : local.Data {
  input {
    size = 3
  }
}

resource data "b" : local.Data {
  needs data.a.size -> input.size
}
`;

async function inProject(work: (project: Project, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const readVariable = (name: string) => name === "SMELT_STATE_HOME" ? `${folder}/state` : undefined;
  try {
    await work(openProject({ folder, who: "test", readVariable }), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bring(project: Project, wanted: Stack): Promise<readonly string[]> {
  const ended = await project.apply({ stack: wanted, approve: () => true }).result();
  ok(ended.ok, ended.ok ? "" : failureText(ended.error));
  return ended.value.kind === "ran"
    ? [...ended.value.run.resources].map(([address, { kind }]) => `${address} ${kind}`)
    : [];
}

async function typeOfLast(project: Project): Promise<string | undefined> {
  const history = await project.history();
  return history.ok ? history.value.at(-1)?.type : undefined;
}

Deno.test("the embedding examples plan, apply, verify and tell", async () => {
  await inProject(async (project) => {
    const told: string[] = [];
    const tell = (line: string) => void told.push(line);
    strictEqual(await checkPlan(project, tell), 2);
    deepStrictEqual(told.splice(0), [
      "create network.main",
      "create password.database",
      "create subnet.web[north-a]",
      "create subnet.web[north-b]",
      "create database.orders",
    ]);
    ok(await applyShop(project, tell));
    match(told.pop() ?? "", /^orders answer at db-/);
    deepStrictEqual(told.splice(0).sort(), [
      "done",
      "succeeded: database.orders",
      "succeeded: network.main",
      "succeeded: password.database",
      "succeeded: subnet.web[north-a]",
      "succeeded: subnet.web[north-b]",
    ]);
    ok(await applyShop(project, tell));
    deepStrictEqual(told.splice(0).slice(0, 1), ["unchanged"]);
    strictEqual(await checkPlan(project, tell), 0);
    deepStrictEqual(told.splice(0), []);
    ok(await auditProject(project, tell));
    ok(told.some((line) => /local CreateSucceeded database\.orders$/.test(line)), told.join("\n"));
  });
});

Deno.test("openProject() applies, lists and verifies the files of a project, and prints nothing", async () => {
  await inProject(async (project, folder) => {
    await Deno.writeTextFile(`${folder}/main.smelt`, FILES);
    ok((await project.init()).ok);
    ok((await project.apply({ approve: () => true }).result()).ok);
    const listed = await project.resources();
    ok(listed.ok);
    deepStrictEqual(listed.value.map(({ address, status }) => [address, status]), [
      ["data.a", "live"],
      ["data.b", "live"],
    ]);
    deepStrictEqual({ ...listed.value[1]?.outputs }, { size: 3 });

    const plan = await project.plan();
    ok(plan.ok);
    strictEqual(plan.value.summary.unchanged, 2);
    strictEqual(plan.value.steps.length, 0);

    const report = await project.verify();
    ok(report.ok);
    deepStrictEqual(report.value.checks.filter((check) => check.status !== "ok"), []);

    const history = await project.history();
    ok(history.ok);
    ok(history.value.some((entry) => entry.address === "data.a" && entry.type === "CreateSucceeded"));
    const ofOne = await project.history({ address: "data.b" });
    ok(ofOne.ok);
    ok(ofOne.value.length > 0 && ofOne.value.every((entry) => entry.address === "data.b"));
  });
});

Deno.test("a stack means what the files that say the same mean: the second plan of either is empty", async () => {
  await inProject(async (project, folder) => {
    const same = stack((s) => {
      const a = s.local.Data("a", { input: { size: 3 } });
      s.local.Data("b", { input: { size: a.size } });
    });
    ok((await project.init()).ok);
    deepStrictEqual(await bring(project, same), ["data.a succeeded", "data.b succeeded"]);
    await Deno.writeTextFile(`${folder}/main.smelt`, FILES);
    for (const wanted of [{}, { stack: same }]) {
      const plan = await project.plan(wanted);
      ok(plan.ok);
      strictEqual(plan.value.steps.length, 0);
    }
  });
});

Deno.test("outputs() gives what a stack shows, and what is secret only sealed", async () => {
  await inProject(async (project) => {
    const wanted = stack((s) => {
      const net = s.sim.Network("main", { cidr: "10.0.0.0/16", mtu: 1400 });
      const password = s.random.Password("root", { length: 20 });
      const data = s.local.Data("d", { input: { token: secret("hunter2"), mtu: net.mtu } });
      return { id: net.id, mtu: data.mtu, password: password.result, token: data.token };
    });
    ok((await project.init()).ok);
    const before = await project.outputs({ stack: wanted });
    deepStrictEqual(before, {
      ok: true,
      value: { id: undefined, mtu: undefined, password: undefined, token: undefined },
    });
    await bring(project, wanted);
    const after = await project.outputs({ stack: wanted });
    ok(after.ok);
    const { id, mtu, password, token } = after.value;
    match(String(id), /^net-/);
    strictEqual(mtu, 1400);
    ok(password instanceof SealedSecret && token instanceof SealedSecret);
    ok(!JSON.stringify(after).includes("hunter2"));
  });
});

Deno.test("E1: apply() tells a reader who is slower than the run each event in order, and how it ended at last", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    const wanted = stack((s) => {
      const a = s.local.Data("a", { input: { size: 3 } });
      s.local.Data("b", { input: { size: a.size } });
    });
    const events: ApplyEvent[] = [];
    for await (const event of project.apply({ stack: wanted, approve: () => true })) {
      events.push(event);
      // A reader so slow that the run is over before the next event is asked for.
      if (event.type === "RunBegan") { while (await typeOfLast(project) !== "RunFinished"); }
    }
    deepStrictEqual(
      events.map((event) =>
        event.type === "StepBegan" || event.type === "StepEnded"
          ? `${event.type} ${event.step.address}`
          : event.type
      ),
      [
        "Planned",
        "RunBegan",
        "StepBegan data.a",
        "StepEnded data.a",
        "StepBegan data.b",
        "StepEnded data.b",
        "Ended",
      ],
    );
  });
});

Deno.test("E3: apply() that is left at its plan has done nothing, and one that is left later ends its calls and its run", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    const wanted = stack((s) => {
      const a = s.local.Data("a", { input: { size: 3 } });
      s.local.Data("b", { input: { size: a.size } });
    });
    for await (const event of project.apply({ stack: wanted, approve: () => true })) {
      if (event.type === "Planned") break;
    }
    deepStrictEqual(await project.resources(), { ok: true, value: [] });
    for await (const event of project.apply({ stack: wanted, approve: () => true })) {
      if (event.type === "StepBegan") break;
    }
    const listed = await project.resources();
    ok(listed.ok);
    deepStrictEqual(listed.value.map(({ address, isInDoubt }) => [address, isInDoubt]), [["data.a", false]]);
    strictEqual(await typeOfLast(project), "RunFinished");
    deepStrictEqual(await bring(project, wanted), ["data.b succeeded"]);
  });
});

Deno.test("E2: apply() begins nothing before its events are asked for, and nothing after its signal", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    const wanted = stack((s) => void s.local.Data("a", { input: {} }));
    const stop = new AbortController();
    const run = project.apply({ stack: wanted, approve: () => true, signal: stop.signal });
    stop.abort();
    const ended = await run.result();
    ok(ended.ok);
    strictEqual(ended.value.kind, "declined");
    const never = project.apply({ stack: wanted, approve: () => true });
    ok(never[Symbol.asyncIterator]);
    deepStrictEqual(await project.resources(), { ok: true, value: [] });
  });
});

Deno.test("apply() ends without a change where the plan is not approved, and throws what approve throws", async () => {
  await inProject(async (project, folder) => {
    await Deno.writeTextFile(`${folder}/main.smelt`, FILES);
    ok((await project.init()).ok);
    const applied = await project.apply({ approve: () => false }).result();
    ok(applied.ok);
    strictEqual(applied.value.kind, "declined");
    const approve = () => Promise.reject(new Error("nobody is there"));
    await rejects(project.apply({ approve }).result(), /nobody is there/);
    deepStrictEqual(await project.resources(), { ok: true, value: [] });
  });
});

Deno.test("plan() and apply() tell what is wrong with a stack, and where it was declared", async () => {
  await inProject(async (project) => {
    const wanted = stack((s) => {
      const net = s.sim.Network("main", { cidr: "everything" });
      s.sim.Network("main", { cidr: "10.0.0.0/16", name: `of ${net.id}` });
    });
    ok((await project.init()).ok);
    const answers = [
      await project.plan({ stack: wanted }),
      await project.apply({ stack: wanted, approve: () => true }).result(),
      await project.outputs({ stack: wanted }),
    ];
    for (const answer of answers) {
      ok(!answer.ok);
      strictEqual(answer.error.kind, "Config");
      const places = answer.error.diagnostics?.map(({ code, file, message }) => [
        code,
        file.endsWith("tests/embedding_test.ts"),
        message.replaceAll(/\/.*embedding_test/g, "embedding_test"),
      ]);
      deepStrictEqual(places?.map(([code, isHere]) => [code, isHere]), [
        ["E-BINDING", true],
        ["E-DUP-RESOURCE", true],
        ["E-FIELD-TYPE", true],
      ]);
      match(failureText(answer.error), /"network\.main\.id" was put into a text/);
    }
  });
});

Deno.test("plan() holds a stack to its constraints", async () => {
  await inProject(async (project) => {
    const networkWith = (mtu: number) =>
      stack((s) => {
        s.sim.Network("n", { cidr: "10.0.0.0/16", mtu }, { constraints: ["mtu >= 1500"] });
      });
    const kept = await project.plan({ stack: networkWith(1500) });
    ok(kept.ok);
    const broken = await project.plan({ stack: networkWith(1400) });
    ok(!broken.ok);
    deepStrictEqual(broken.error.diagnostics?.map(({ code }) => code), ["E-CONSTRAINT"]);
    match(failureText(broken.error), /^The stack has an error\n.*embedding_test\.ts:\d+:\d+: .*mtu >= 1500/);
  });
});

Deno.test("plan() is about what is asked for: targets, all but excludes, and what is replaced", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    const wanted = stack((s) => {
      const a = s.local.Data("a", { input: { size: 3 } });
      s.local.Data("b", { input: { size: a.size } });
      s.local.Data("c", {});
    });
    const stepsOf = async (options: PlanOptions) => {
      const plan = await project.plan({ stack: wanted, ...options });
      return plan.ok ? plan.value.steps.map(({ id }) => id) : [failureText(plan.error)];
    };
    deepStrictEqual(await stepsOf({ targets: ["data.b"] }), ["create data.a", "create data.b"]);
    deepStrictEqual(await stepsOf({ excludes: ["data.a"] }), ["create data.c"]);
    await bring(project, wanted);
    deepStrictEqual((await stepsOf({ replaces: ["data.c"] })).length, 2);
    match((await stepsOf({ targets: ["data.x"] })).join(), /data\.x/);
  });
});

Deno.test("apply() tells of a plan that cannot be carried out, and ends with the failure", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    await bring(project, stack((s) => void s.local.Data("a", {}, { protect: true })));
    const told: string[] = [];
    for await (const event of project.apply({ stack: stack(() => {}), approve: () => true })) {
      told.push(event.type);
      if (event.type === "Refused") told.push(...event.plan.problems.map((each) => each.kind));
      if (event.type === "Ended") told.push(event.result.ok ? "ok" : event.result.error.kind);
    }
    deepStrictEqual(told, ["Refused", "Protected", "Ended", "PlanRefused"]);
  });
});

Deno.test("applyVerdict() says of a run that failed in part that it did, and which step", async () => {
  await inProject(async (project) => {
    ok((await project.init()).ok);
    const wanted = stack((s) => {
      const net = s.sim.Network("main", { cidr: "10.0.0.0/16" });
      s.sim.Subnet("outside", { network_id: net.id, cidr: "192.168.0.0/24" });
    });
    const told: string[] = [];
    for await (const event of project.apply({ stack: wanted, approve: () => true })) {
      if (event.type === "StepEnded") told.push(`${event.step.address} ${event.outcome.kind}`);
      if (event.type === "Ended" && event.result.ok) told.push(applyVerdict(event.result.value));
    }
    deepStrictEqual(told, ["network.main succeeded", "subnet.outside failed", "partial"]);
  });
});

Deno.test("openProject() serves two projects in one process at one time", async () => {
  await inProject((one) =>
    inProject(async (other) => {
      const work = async (project: Project, name: string) => {
        ok((await project.init()).ok);
        return await bring(project, stack((s) => void s.sim.Network(name, { cidr: "10.0.0.0/16" })));
      };
      deepStrictEqual(await Promise.all([work(one, "a"), work(other, "b")]), [
        ["network.a succeeded"],
        ["network.b succeeded"],
      ]);
      const listed = await Promise.all([one.resources(), other.resources()]);
      deepStrictEqual(listed.map((each) => each.ok ? each.value.map(({ address }) => address) : []), [
        ["network.a"],
        ["network.b"],
      ]);
    })
  );
});

Deno.test("openProject() pins what it has seen for the user who runs it, whatever it is told to read", async () => {
  await inProject(async (_, folder) => {
    Deno.env.set("SMELT_STATE_HOME", `${folder}/state`);
    const project = openProject({ folder, who: "test" });
    await Deno.writeTextFile(`${folder}/main.smelt`, FILES);
    ok((await project.init()).ok);
    const before = await Deno.readFile(`${folder}/.smelt/log/default.log`);
    ok((await project.apply({ approve: () => true }).result()).ok);
    await Deno.writeFile(`${folder}/.smelt/log/default.log`, before);
    await rejects(project.plan(), { name: "IntegrityError", kind: "pin" });
    await rejects(project.apply({ approve: () => true }).result(), { name: "IntegrityError", kind: "pin" });
  });
});

Deno.test("openProject() answers with a failure where there is no project", async () => {
  await inProject(async (project) => {
    const answers = [
      await project.history(),
      await project.apply({ stack: stack(() => {}), approve: () => true }).result(),
    ];
    for (const answer of answers) {
      ok(!answer.ok);
      strictEqual(answer.error.kind, "NoProject");
    }
  });
});
