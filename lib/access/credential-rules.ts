import { permissionSet } from "../naming/names";
import type { Fault } from "../problems/fault";
import { isIntact } from "./nkey";
import { SERVER_KEYWORDS } from "./server-keywords";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PUBLIC_KEY = /^U[A-Z2-7]{55}$/;
const PUBLIC_KEY_ALLOWED = "the public key of a user: 56 characters that begin with U";
const SEED = /^S[A-Z2-7]{20,}$/;
const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

const matches = (form: RegExp, value: unknown) => typeof value === "string" && form.test(value);

/** Words that the server takes for a value or a command wherever they stand. */
const WORDS = /^(true|false|yes|no|on|off|include)$/;

/** Variables that processes have anyway, with values that others know. */
const WELL_KNOWN =
  /^(PATH|HOME|USER|LOGNAME|SHELL|SHLVL|PWD|OLDPWD|HOSTNAME|HOST|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TMP|TEMP|MAIL|EDITOR|DISPLAY|UID|_)$/;

function isKeyword(name: string): boolean {
  const small = name.toLowerCase();
  return WORDS.test(small) || SERVER_KEYWORDS.has(small);
}

/** What is wrong with the public key of a user. */
export function publicKeyFault(key: string): Fault | undefined {
  if (typeof key === "string" && SEED.test(key)) {
    return {
      what: "an nkey seed is given where the public key belongs (not repeated here)",
      allowed: PUBLIC_KEY_ALLOWED,
      fix: "Treat the seed as leaked: make a new pair with `nk -gen user -pubout` and give its public key",
    };
  }
  if (typeof key !== "string" || !PUBLIC_KEY.test(key)) {
    return {
      what: "public key of a user is not valid (not repeated here, it might be a secret)",
      allowed: PUBLIC_KEY_ALLOWED,
      fix: "Give the public key that `nk -inkey user.nk -pubout` prints",
    };
  }
  if (isIntact(key)) return undefined;
  return {
    what: "public key of a user has a wrong checksum: a character of it differs",
    value: key,
    allowed: PUBLIC_KEY_ALLOWED,
    fix: "Give the public key that `nk -inkey user.nk -pubout` prints",
  };
}

/** What is wrong with the name of a variable that has a password. */
export function variableFault(name: string): Fault | undefined {
  if (!matches(VARIABLE, name)) {
    return {
      what: "name of an environment variable is not valid (not repeated here, it might be a password)",
      allowed: "letters, digits and underscores, not beginning with a digit",
      fix: "Give the name of the variable, without $, not its value",
    };
  }
  if (isKeyword(name)) {
    return {
      what: "environment variable is called as a word of the server's configuration, which would be its value",
      value: name,
      allowed: "a name that is no option and no value of the server's configuration, in small letters or capitals",
      fix: `Rename the variable: ${name.toUpperCase()}_PASSWORD`,
    };
  }
  if (WELL_KNOWN.test(name)) {
    return {
      what: "environment variable is one that processes have anyway, with a value that others know",
      value: name,
      allowed: "a variable that only the server has",
      fix: `Rename the variable: ${name}_PASSWORD`,
    };
  }
  if (!permissionSet.takes(name)) return undefined;
  return {
    what: "environment variable is called as the server's file calls sets of permissions",
    value: name,
    allowed: "a name that does not end with _NODE or _APP_TERRAFORM",
    fix: `Rename the variable: ${name}_PASSWORD`,
  };
}

/** What is wrong with the hash of a password. */
export function hashFault(hash: string): Fault | undefined {
  if (matches(BCRYPT, hash)) return undefined;
  return {
    what: "value is not a bcrypt hash (not repeated here, it might be a password)",
    allowed: "a bcrypt hash of 60 characters that begins with $2a$, $2b$ or $2y$",
    fix: "Give the hash that `nats server passwd` prints; if this was a password, change it",
  };
}
