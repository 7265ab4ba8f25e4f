import { isTest, projectPath } from "./file_place.ts";
import { calleeName, isFunction } from "./syntax.ts";

/** The two places where any fault ends: one restarts, the other speaks to the user. */
const CATCH_ALLS: readonly string[] = ["actors/supervisor.ts", "cli.ts"];

const HINT = "Bind the error, take the kinds you know, throw the rest";

/** A catch binds its error and passes on what it does not know: it holds a `throw`, or a `reject`, of its own. */
export const narrowCatch: Deno.lint.Rule = {
  create(context) {
    if (isTest(context.filename) || CATCH_ALLS.includes(projectPath(context.filename))) return {};
    /** Where the catches and inline handlers start that were seen to pass on. */
    const passing = new Set<number>();
    const passesOn = (node: Deno.lint.Node): void => {
      for (const outer of context.sourceCode.getAncestors(node).reverse()) {
        if (outer.type === "CatchClause" || isFunction(outer)) passing.add(outer.range[0]);
        if (isFunction(outer)) return;
      }
    };
    const refuse = (node: Deno.lint.Node, message: string): void =>
      context.report({ node, message, hint: HINT });
    return {
      ThrowStatement: passesOn,
      CallExpression(node) {
        if (/(?:^|\.)reject$/.test(calleeName(node.callee) ?? "")) passesOn(node);
      },
      "CatchClause:exit"(node) {
        if (node.body.body.length === 0) return;
        if (node.param === null) refuse(node, "The catch does not bind its error");
        else if (!passing.has(node.range[0])) refuse(node, "The catch takes every error");
      },
      "CallExpression:exit"(node) {
        const { callee } = node;
        const [handler] = node.arguments;
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (callee.property.name !== "catch" || handler === undefined || !isFunction(handler)) return;
        if (!passing.has(handler.range[0])) refuse(callee.property, "The catch takes every error");
      },
    };
  },
};
