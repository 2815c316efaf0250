/**
 * The questions of the search box, in the JavaScript of the page: `whoCanPublish` and `whoCanSubscribe` of
 * `lib/analysis`, of which a test wants the same answers. It looks at all lines instead of an index, which is fast
 * enough for one question.
 */
export const SEARCH = String.raw`
"use strict";
function makeSearch(accounts) {
  const RESERVED = ["_GR_.>", "$GR.>", "$NRG.>"];
  const isLiteral = (pattern) => !pattern.split(".").some((token) => token === "*" || token === ">");

  /** The pattern of what both patterns match, or undefined. */
  function intersection(a, b) {
    const left = a.split(".");
    const right = b.split(".");
    const common = [];
    for (let index = 0; ; index++) {
      const x = left[index];
      const y = right[index];
      if (x === undefined && y === undefined) return common.join(".");
      if (x === undefined || y === undefined) return undefined;
      if (x === ">") return common.concat(right.slice(index)).join(".");
      if (y === ">") return common.concat(left.slice(index)).join(".");
      if (x !== "*" && y !== "*" && x !== y) return undefined;
      common.push(x === "*" ? y : x);
    }
  }

  /** Whether one pattern, or a list of permissions, matches a subject whose wildcards are tokens like any other. */
  function covers(outer, inner) {
    const outers = outer.split(".");
    const inners = inner.split(".");
    for (let index = 0; index < outers.length; index++) {
      if (outers[index] === ">") return inners.length > index;
      const other = inners[index];
      if (other === undefined || other === ">" || (outers[index] !== "*" && outers[index] !== other)) return false;
    }
    return outers.length === inners.length;
  }
  function matches(outer, inner) {
    const outers = outer.split(".");
    const inners = inner.split(".");
    for (let index = 0; index < outers.length; index++) {
      if (outers[index] === ">") return inners.length > index;
      const other = inners[index];
      if (other === undefined || (outers[index] !== "*" && outers[index] !== other)) return false;
    }
    return outers.length === inners.length;
  }

  /** A subject that the pattern matches and none of the others, or undefined. */
  function outside(pattern, others) {
    const near = others.filter((other) => intersection(other, pattern) !== undefined);
    const named = new Set([pattern, ...near].flatMap((each) => each.split(".")));
    let fresh = "x";
    while (named.has(fresh)) fresh += "x";
    const tokens = pattern.split(".").map((token) => (token === "*" ? fresh : token));
    const free = (subject) => !near.some((each) => covers(each, subject));
    if (tokens[tokens.length - 1] !== ">") return free(tokens.join(".")) ? tokens.join(".") : undefined;
    const longest = Math.max(tokens.length, ...near.map((each) => each.split(".").length + 1));
    for (let length = tokens.length; length <= longest; length++) {
      const subject = tokens.slice(0, -1).concat(Array(length - tokens.length + 1).fill(fresh)).join(".");
      if (free(subject)) return subject;
    }
    return undefined;
  }
  const isCovered = (pattern, others) => outside(pattern, others) === undefined;

  const PLACEHOLDER = /^(?:\$(\d+)|\{\{\s*[wW]ildcard\s*\(\s*(\d+)\s*\)\s*\}\})$/;
  function destinationOf(token) {
    const found = PLACEHOLDER.exec(token);
    return found ? Number(found[2] === undefined ? found[1] : found[2]) : token;
  }
  function numbered(pattern) {
    let count = 0;
    return pattern.split(".").map((token) => (token === "*" ? "$" + ++count : token));
  }

  /** A rewriting of subjects, forwards and backwards. */
  function mappingOf(source, destination) {
    const sources = source.split(".");
    const wildcards = sources.flatMap((token, index) => (token === "*" ? [index] : []));
    const destinations = destination.split(/\.(?![^{]*\}\})/).map(destinationOf);
    const image = destinations.map((token) => (typeof token === "number" ? "*" : token)).join(".");
    function apply(pattern) {
      const whole = intersection(pattern, source);
      if (whole === undefined) return undefined;
      const common = whole.split(".");
      return destinations
        .flatMap((token) => {
          if (token === ">") return common.slice(sources.length - 1);
          if (typeof token !== "number") return [token];
          const found = common[wildcards[token - 1]];
          return found === undefined ? [] : [found];
        })
        .join(".");
    }
    function unapply(pattern) {
      const whole = intersection(pattern, image);
      if (whole === undefined) return undefined;
      const common = whole.split(".");
      const tokens = sources.slice();
      for (let index = 0; index < destinations.length; index++) {
        const token = destinations[index];
        if (token === ">") tokens.splice(-1, 1, ...common.slice(index));
        if (typeof token !== "number") continue;
        const place = wildcards[token - 1];
        const same = intersection(tokens[place] || "", common[index] || "");
        if (same === undefined) return undefined;
        tokens[place] = same;
      }
      return tokens.join(".");
    }
    return { source, image, apply, unapply };
  }
  const ofStreamImport = (subject, to) => mappingOf(subject, numbered(to).join("."));
  function ofServiceImport(subject, to) {
    const places = numbered(to);
    const isPlace = (token) => typeof destinationOf(token) === "number";
    const placeholders = places.filter(isPlace);
    const local = places.map((token) => (isPlace(token) ? "*" : token)).join(".");
    const next = (token) => (placeholders.length > 0 ? placeholders.shift() : token);
    const target = subject.split(".").map((token) => (token === "*" ? next(token) : token));
    return mappingOf(local, target.join("."));
  }

  // What subjects go through: mappings, imports and streams that publish again.
  const traffic = new Map();
  for (const account of accounts) {
    const mappings = Object.entries(account.mappings).map(([source, to]) => mappingOf(source, to));
    const republished = account.resources
      .filter((resource) => resource.republish)
      .map((resource) => ({ resource, mapping: mappingOf(resource.republish.source, resource.republish.destination) }));
    const stored = account.resources.flatMap((resource) => resource.subjects.map((subject) => ({ resource, subject })));
    const sources = mappings.map((mapping) => mapping.source);
    traffic.set(account.name, {
      mappings, sources, republished, stored,
      users: account.users, streamsOut: [], streamsIn: [], servicesOut: [], servicesIn: [],
    });
  }
  for (const account of accounts) {
    for (const each of account.imports) {
      const exporter = traffic.get(each.account);
      const importer = traffic.get(account.name);
      if (!exporter) continue;
      const to = each.to === undefined ? each.subject : each.to;
      const isStream = each.kind === "stream";
      const mapping = isStream ? ofStreamImport(each.subject, to) : ofServiceImport(each.subject, to);
      const step = { kind: "import", account: isStream ? account.name : each.account, import: each };
      const link = { step, sender: isStream ? each.account : account.name, mapping };
      if (isStream) {
        link.stores = importer.stored.some((one) => intersection(one.subject, mapping.image) !== undefined);
        exporter.streamsOut.push(link);
        importer.streamsIn.push(link);
      } else {
        importer.servicesOut.push(link);
        exporter.servicesIn.push(link);
      }
    }
  }

  // A course: subjects in an account, and what was published where they are here.
  function courseFrom(account, subject, except) {
    return { account, subject, arrival: "published", through: [], except: except || [], undo: (pattern) => pattern };
  }
  function nextCourse(course, step, subject, arrival, undo) {
    const through = course.through.concat([step]);
    return { account: step.account, subject, arrival, through, except: [], previous: course, undo };
  }
  function mappedCourse(course, subject, except, undo) {
    return { ...course, subject, except, previous: course, undo: undo || ((pattern) => pattern) };
  }
  function originOf(course, pattern) {
    if (course.except.length > 0 && isCovered(pattern, course.except)) return undefined;
    if (!course.previous) return pattern;
    const before = course.undo(pattern);
    return before === undefined ? undefined : originOf(course.previous, before);
  }
  const isLeft = (course) => originOf(course, course.subject) !== undefined;
  function backBy(mapping, within) {
    return (pattern) => {
      const before = mapping.unapply(pattern);
      return before === undefined ? undefined : intersection(before, within);
    };
  }
  function beyond(course, link, arrival) {
    const subject = link.mapping.apply(course.subject);
    if (subject === undefined) return undefined;
    const next = nextCourse(course, link.step, subject, arrival, backBy(link.mapping, course.subject));
    return isLeft(next) ? next : undefined;
  }
  function remapped(course) {
    const { mappings, sources } = traffic.get(course.account);
    if (mappings.length === 0) return [course];
    const changed = mappings.flatMap((mapping) => {
      const to = mapping.apply(course.subject);
      return to === undefined ? [] : [mappedCourse(course, to, [], (pattern) => mapping.unapply(pattern))];
    });
    return [mappedCourse(course, course.subject, sources), ...changed].filter(isLeft);
  }
  function republish(course, found, wanted) {
    const { republished, stored } = traffic.get(course.account);
    for (const { resource, mapping } of republished) {
      if (course.through.some((step) => step.kind === "republish" && step.resource === resource)) continue;
      for (const one of stored) {
        if (one.resource !== resource) continue;
        const subject = intersection(one.subject, course.subject);
        if (subject === undefined || originOf(course, subject) === undefined) continue;
        const again = mapping.apply(subject);
        if (again === undefined) continue;
        const step = { kind: "republish", account: course.account, resource };
        follow(nextCourse(course, step, again, "published", backBy(mapping, subject)), found, wanted);
      }
    }
  }
  function follow(course, found, wanted) {
    found.push(course);
    republish(course, found, wanted);
    const account = traffic.get(course.account);
    if (course.arrival === "published") {
      for (const link of account.streamsOut) {
        if (!wanted(link)) continue;
        const seen = beyond(course, link, "stream");
        if (!seen) continue;
        found.push(seen);
        republish(seen, found, wanted);
      }
    }
    for (const link of account.servicesOut) {
      if (course.through.some((step) => step.kind === "import" && step.import === link.step.import)) continue;
      const asked = beyond(course, link, "service");
      if (asked) for (const each of remapped(asked)) follow(each, found, wanted);
    }
  }
  function leads(course, wanted) {
    const found = [];
    follow(course, found, wanted);
    return found;
  }
  function published(account, pattern, except) {
    const { mappings, sources } = traffic.get(account);
    const courses = [courseFrom(account, pattern, except.concat(sources))];
    for (const { image } of mappings) {
      const common = intersection(image, pattern);
      if (common !== undefined) courses.push(courseFrom(account, common, except));
    }
    return courses.filter(isLeft);
  }
  function unmapped(account, pattern) {
    const { mappings, sources } = traffic.get(account);
    const changed = mappings.map((mapping) => mapping.unapply(pattern)).filter((from) => from !== undefined);
    return isCovered(pattern, sources) ? changed : [pattern, ...changed];
  }
  function originsOf(account, pattern) {
    const found = new Map();
    const seen = new Set();
    function trace(account, subject, streams) {
      if (subject === undefined) return;
      const key = streams + " " + account + " " + subject;
      if (seen.has(key)) return;
      seen.add(key);
      found.set(account + " " + subject, { account, subject });
      const at = traffic.get(account);
      for (const from of unmapped(account, subject)) {
        for (const { sender, mapping } of at.servicesIn) trace(sender, mapping.unapply(from), false);
      }
      for (const { resource, mapping } of at.republished) {
        const before = mapping.unapply(subject);
        if (before === undefined) continue;
        for (const each of resource.subjects) trace(account, intersection(before, each), true);
      }
      if (streams) for (const { sender, mapping } of at.streamsIn) trace(sender, mapping.unapply(subject), false);
    }
    trace(account, pattern, true);
    return [...found.values()];
  }

  // What users may do.
  const EVERYTHING = [{ pattern: ">", reasons: [] }];
  const allowed = (direction) => (direction.allow.length > 0 ? direction.allow : EVERYTHING);
  const unpublishable = (user) => RESERVED.concat(user.publish.deny.map((line) => line.pattern));
  function queueMatches(queue, line) {
    const wanted = line.queue;
    return wanted !== undefined && (queue === wanted || (!isLiteral(wanted) && covers(wanted, queue)));
  }
  function maySubscribe(user, subject, queue) {
    if (queue === "_sys_") return false;
    const hits = (lines) => lines.filter((line) => matches(line.pattern, subject));
    const plain = (lines) => lines.filter((line) => line.queue === undefined);
    const ofQueue = (lines) => (queue === undefined ? [] : lines.filter((line) => queueMatches(queue, line)));
    const allow = hits(allowed(user.subscribe));
    const deny = hits(user.subscribe.deny);
    const onlyQueued = queue !== undefined && allow.some((line) => line.queue !== undefined);
    const by = onlyQueued ? ofQueue(allow) : plain(allow);
    return by.length > 0 && plain(deny).length === 0 && ofQueue(deny).length === 0;
  }
  function receptionsIn(user, line, pattern, queue) {
    const denied = user.subscribe.deny
      .filter((deny) => deny.queue === undefined || (queue !== undefined && queueMatches(queue, deny)))
      .map((deny) => deny.pattern);
    const common = intersection(line.pattern, pattern);
    const found = common !== undefined && !isCovered(common, denied) ? [{ pattern: common, line, queue }] : [];
    if (line.pattern !== "*" && !line.pattern.endsWith(".*")) return found;
    const wide = line.pattern.slice(0, -1) + ">";
    const further = intersection(wide, pattern);
    if (further === undefined || further === common || isCovered(further, denied)) return found;
    if (maySubscribe(user, wide, queue)) found.push({ pattern: further, line, queue });
    return found;
  }
  function receptionsOf(user, line, pattern) {
    const queues = [line.queue];
    if (line.queue !== undefined) {
      const denied = user.subscribe.deny.flatMap((deny) => (deny.queue === undefined ? [] : [deny.queue]));
      const other = outside(line.queue, denied);
      if (other !== undefined) queues.push(other);
    }
    const found = queues.flatMap((queue) => receptionsIn(user, line, pattern, queue));
    return found.filter((each, index) => found.findIndex((other) => other.pattern === each.pattern) === index);
  }

  function stepName(step) {
    const each = step.import;
    return step.kind === "import"
      ? [step.account, each.account, each.kind, each.subject, each.to].join(" ")
      : step.account + " " + step.resource.name;
  }
  function unique(items, keyOf) {
    const once = new Map();
    for (const item of items) {
      const key = keyOf(item) + " " + item.through.map(stepName).join("|");
      if (!once.has(key)) once.set(key, item);
    }
    return [...once.values()];
  }

  function whoCanPublish(wanted) {
    const found = [];
    for (const into of traffic.keys()) {
      const follows = (link) => link.stores || link.step.account === into;
      for (const origin of originsOf(into, wanted)) {
        for (const user of traffic.get(origin.account).users) {
          for (const line of allowed(user.publish)) {
            const pattern = intersection(line.pattern, origin.subject);
            if (pattern === undefined) continue;
            for (const course of published(origin.account, pattern, unpublishable(user))) {
              for (const arrival of leads(course, follows)) {
                if (arrival.account !== into) continue;
                const subject = intersection(arrival.subject, wanted);
                const from = subject === undefined ? undefined : originOf(arrival, subject);
                if (from === undefined) continue;
                for (const publishes of unmapped(origin.account, from)) {
                  found.push({ user, account: origin.account, publishes, into, subject, through: arrival.through, line });
                }
              }
            }
          }
        }
      }
    }
    return unique(found, (each) => [each.user.name, each.publishes, each.into, each.subject].join(" "));
  }

  function whoCanSubscribe(wanted) {
    const found = [];
    for (const from of traffic.keys()) {
      for (const arrival of leads(courseFrom(from, wanted), () => true)) {
        for (const user of traffic.get(arrival.account).users) {
          for (const line of allowed(user.subscribe)) {
            for (const received of receptionsOf(user, line, arrival.subject)) {
              if (originOf(arrival, received.pattern) === undefined) continue;
              const { account, through } = arrival;
              found.push({ user, account, subject: received.pattern, queue: received.queue, from, through, line });
            }
          }
        }
      }
    }
    const queueOf = (each) => each.queue || "";
    found.sort((one, other) => (queueOf(one) === queueOf(other) ? 0 : queueOf(one) < queueOf(other) ? -1 : 1));
    return unique(found, (each) => [each.user.name, each.subject, each.from].join(" "));
  }

  /** Why a text is no subject or pattern, or undefined if it is one. */
  function fault(pattern) {
    if (pattern === "") return "is empty";
    if (/[\s\p{Cc}]/u.test(pattern)) return "contains white space or a control character";
    const tokens = pattern.split(".");
    for (let index = 0; index < tokens.length; index++) {
      if (tokens[index] === "") return "has an empty token";
      if (tokens[index] === ">" && index < tokens.length - 1) return "has > before its last token";
      if (tokens[index].length > 1 && /[*>]/.test(tokens[index])) return "has a wildcard inside a token";
    }
    return undefined;
  }

  return { whoCanPublish, whoCanSubscribe, fault };
}
`;
