import { isTest, projectPath } from "./file_place.ts";
import { isFunction } from "./syntax.ts";

/** The two places where any fault ends: one restarts, the other speaks to the user. */
const CATCH_ALLS: readonly string[] = ["actors/supervisor.ts", "cli.ts"];

const HINT = "Bind the error, take the kinds you know, throw the rest";

/** A catch binds its error and throws again what it does not know: it holds a `throw` of its own. */
export const narrowCatch: Deno.lint.Rule = {
  create(context) {
    if (isTest(context.filename) || CATCH_ALLS.includes(projectPath(context.filename))) return {};
    /** Where the catches and inline handlers start that were seen to throw. */
    const throwing = new Set<number>();
    return {
      ThrowStatement(node) {
        for (const outer of context.sourceCode.getAncestors(node).reverse()) {
          if (outer.type === "CatchClause" || isFunction(outer)) throwing.add(outer.range[0]);
          if (isFunction(outer)) return;
        }
      },
      "CatchClause:exit"(node) {
        if (node.body.body.length === 0) return;
        if (node.param === null) {
          context.report({ node, message: "The catch does not bind its error", hint: HINT });
        } else if (!throwing.has(node.range[0])) {
          context.report({ node, message: "The catch takes every error", hint: HINT });
        }
      },
      "CallExpression:exit"(node) {
        const { callee } = node;
        const [handler] = node.arguments;
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (callee.property.name !== "catch" || handler === undefined || !isFunction(handler)) return;
        if (!throwing.has(handler.range[0])) {
          context.report({ node: callee.property, message: "The catch takes every error", hint: HINT });
        }
      },
    };
  },
};
