import { deepStrictEqual } from "node:assert/strict";
import { credentialsOf } from "./credential_variables.ts";

Deno.test("credentialsOf() finds credentials by the names of variables, and passwords in addresses", () => {
  const variables = {
    AWS_SECRET_ACCESS_KEY: "1",
    AWS_SESSION_TOKEN: "2",
    DB_PASSWORD: "3",
    PGPASSWORD: "4",
    MYSQL_PWD: "5",
    CLIENT_SECRET: "6",
    SOME_API_KEY: "7",
    npm_token: "8",
    TOKEN_2: "9",
    DATABASE_URL: "postgres://me:10@host/db",
  };
  deepStrictEqual(credentialsOf(variables), Array.from({ length: 10 }, (_, index) => `${index + 1}`));
});

Deno.test("credentialsOf() leaves variables that say where something is, or whose", () => {
  const variables = {
    PWD: "/a",
    OLDPWD: "/a",
    SSH_AUTH_SOCK: "/a",
    GOOGLE_APPLICATION_CREDENTIALS: "/a",
    AWS_ACCESS_KEY_ID: "a",
    TOKEN_FILE: "a",
    KEYBOARD: "a",
    HOMEPAGE: "https://host/a@b",
    EDITOR: "vi",
  };
  deepStrictEqual(credentialsOf(variables), []);
});
