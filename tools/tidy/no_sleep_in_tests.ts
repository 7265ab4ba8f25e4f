import { isTest } from "./file_place.ts";
import { calleeName } from "./syntax.ts";

const SLEEPS: readonly string[] = [
  "Atomics.wait",
  "Bun.sleep",
  "delay",
  "setInterval",
  "setTimeout",
  "sleep",
];

/** Tests wait for something that happens, on a clock of their own; none waits for time to pass. */
export const noSleepInTests: Deno.lint.Rule = {
  create(context) {
    if (!isTest(context.filename)) return {};
    return {
      CallExpression(node) {
        const name = calleeName(node.callee)?.replace(/^globalThis\./, "");
        if (name === undefined || !SLEEPS.includes(name)) return;
        context.report({ node, message: `A test waits by "${name}"`, hint: "Inject a clock" });
      },
      ImportDeclaration(node) {
        if (!/^node:timers(?:\/|$)/.test(node.source.value)) return;
        context.report({ node, message: "A test imports timers", hint: "Inject a clock" });
      },
    };
  },
};
