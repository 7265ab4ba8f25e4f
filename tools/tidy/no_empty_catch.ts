/** A catch that does nothing loses the only sign of a fault. */
export const noEmptyCatch: Deno.lint.Rule = {
  create(context) {
    return {
      CatchClause(node) {
        if (node.body.body.length > 0) return;
        context.report({
          node,
          message: "The catch is empty",
          hint: "Return what failed, or let it be thrown",
        });
      },
    };
  },
};
