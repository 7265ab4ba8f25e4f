/** A module says by name what it gives. */
export const noExportStar: Deno.lint.Rule = {
  create(context) {
    return {
      ExportAllDeclaration(node) {
        context.report({ node, message: "`export *` hides what is exported", hint: "List the names" });
      },
    };
  },
};
