import { isPureCore } from "./file_place.ts";
import { calleeName, isReference } from "./syntax.ts";

/** Names of the world outside. The core takes what it needs of them as arguments. */
const OUTSIDE: readonly string[] = [
  "Deno",
  "Promise",
  "Temporal",
  "WebSocket",
  "Worker",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "localStorage",
  "navigator",
  "performance",
  "process",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
];

const HINT = "engine/ and lang/ decide from their arguments alone: take the value as an argument";

/** No clock, timer, randomness, runtime API or waiting in `engine/` and `lang/`. */
export const pureCore: Deno.lint.Rule = {
  create(context) {
    if (!isPureCore(context.filename)) return {};
    const refuse = (node: Deno.lint.Node, what: string): void => {
      context.report({ node, message: `Pure code uses ${what}`, hint: HINT });
    };
    const refuseAsync = (node: Deno.lint.Node & { readonly async: boolean }): void => {
      if (node.async) refuse(node, "async");
    };
    return {
      Identifier(node) {
        if (OUTSIDE.includes(node.name) && isReference(node)) refuse(node, `"${node.name}"`);
      },
      MemberExpression(node) {
        const name = calleeName(node);
        if (name === "Date.now" || name === "Math.random") refuse(node, `"${name}"`);
      },
      NewExpression(node) {
        if (calleeName(node.callee) === "Date" && node.arguments.length === 0) refuse(node, '"new Date()"');
      },
      CallExpression(node) {
        if (calleeName(node.callee) === "Date") refuse(node, '"Date()"');
      },
      AwaitExpression: (node) => refuse(node, "await"),
      ForOfStatement: (node) => node.await ? refuse(node, "await") : undefined,
      ArrowFunctionExpression: refuseAsync,
      FunctionDeclaration: refuseAsync,
      FunctionExpression: refuseAsync,
    };
  },
};
