/** The behaviour of the page: its search box and its filters. It writes text only, never markup. */
export const SCRIPT = String.raw`
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  enableFilters();
  if (!data.accounts) return;
  const search = makeSearch(data.accounts);
  const form = document.getElementById("ask");
  const input = document.getElementById("question");
  const output = document.getElementById("answer");
  const MOST = 200;

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }
  const code = (text) => element("code", "", text);
  const plural = (number, noun) => number + " " + noun + (number === 1 ? "" : "s");

  function wayText(through) {
    return through
      .map((step) =>
        step.kind === "import"
          ? "by the " + step.import.kind + " import of " + step.import.subject + " from " + step.import.account
          : "as " + step.resource.name + " publishes it again")
      .join(", ");
  }
  function reasonList(line) {
    const list = element("ul", "reasons");
    const seen = new Set();
    for (const place of line.reasons || []) {
      const { why, capability } = data.reasons[place];
      if (seen.has(why)) continue;
      seen.add(why);
      list.append(element("li", "", why, " ", element("span", "by", capability || "")));
    }
    return list;
  }

  /** Items under the users that they are about. */
  function show(title, groups) {
    output.replaceChildren(element("h3", "", title));
    let left = MOST;
    const list = element("ul", "answers");
    for (const [name, details, items] of groups) {
      if (left-- <= 0) break;
      list.append(element("li", "", element("strong", "", name), " ", element("span", "by", details), ...items));
    }
    output.append(list);
    if (groups.length > MOST) {
      output.append(element("p", "cut", "Here are the first " + MOST + " of " + groups.length + "."));
    }
  }

  function grouped(found) {
    const users = new Map();
    for (const each of found) {
      const known = users.get(each.user.name);
      if (known) known.push(each);
      else users.set(each.user.name, [each]);
    }
    return [...users.values()];
  }

  function askSubject(verb, subject) {
    const fault = search.fault(subject);
    if (fault) {
      output.replaceChildren(element("p", "", "“" + subject + "” is no subject: it " + fault + "."));
      return;
    }
    const publish = verb === "publish";
    const found = publish ? search.whoCanPublish(subject) : search.whoCanSubscribe(subject);
    const groups = grouped(found).map((all) => {
      let known;
      const items = all.slice(0, 12).map((each) => {
        const parts = [publish ? "publishes " : "receives ", code(publish ? each.publishes : each.subject)];
        if (publish && (each.into !== each.account || each.subject !== each.publishes)) {
          parts.push(", which is ", code(each.subject), " in " + each.into);
        }
        if (each.queue !== undefined) parts.push(" in the queue group ", code(each.queue));
        const way = wayText(each.through);
        if (way) parts.push(" ", element("span", "by", way));
        const item = element("div", "item", element("p", "", ...parts));
        if (each.line !== known) {
          item.append(element("p", "by", "allowed by the line ", code(each.line.pattern)), reasonList(each.line));
        }
        known = each.line;
        return item;
      });
      if (all.length > 12) items.push(element("p", "cut", "and " + (all.length - 12) + " more ways"));
      const { user, account } = all[0];
      return [user.name, (user.role || "user") + " in " + account, items];
    });
    const who = groups.length === 0 ? "Nobody" : plural(groups.length, "user");
    show(who + " can " + (publish ? "publish " : "subscribe to ") + subject + (/[*>]/.test(subject) ? ", or to some of it" : ""), groups);
  }

  function userOf(access) {
    const account = data.accounts.find(({ name }) => name === access.account);
    return account.users.find(({ name }) => name === access.user);
  }
  function doingItems(access, set) {
    const user = userOf(access);
    return data.sets[set].map(([act, part, lines]) => {
      const seen = new Set();
      const list = element("ul", "reasons");
      for (const [by, at, way] of lines) {
        const direction = by === "subscribe" ? "subscribe" : "publish";
        const line = user[direction].allow[at] || { pattern: ">" };
        const text = direction + " " + line.pattern + (way || "");
        if (seen.has(text)) continue;
        seen.add(text);
        list.append(element("li", "", direction + " ", code(line.pattern), " ", element("span", "by", way || "")));
      }
      return element("div", "item", element("p", "", data.verbs[act] + (part ? " a part of it" : "")), list);
    });
  }
  function holeItems(holes) {
    return holes.map((hole) => {
      const about = hole.resource ? hole.resource + ": " : "";
      return element("p", "beyond", "Only through a hole (" + hole.level + "): " + about + hole.text);
    });
  }

  function askUser(access) {
    const groups = access.cells.map(([place, set]) => {
      const { name, noun, account } = data.resources[place];
      return [name, noun + " in " + account, doingItems(access, set)];
    });
    show(access.user + " can do something with " + (groups.length === 1 ? "1 stream or bucket" : groups.length + " streams and buckets"), groups);
    const settings = access.settings.map((text) => element("li", "", code(text)));
    const must = settings.length ? element("ul", "reasons", ...settings) : element("p", "by", "nothing beyond user and password");
    output.append(element("h4", "", "Beyond its lines"), ...holeItems(access.holes), element("h4", "", "Its clients must set"), must);
  }

  /** The levels in their order; a hole counts where it is more than the lines give. */
  const LEVELS = ["none", "look", "read", "write", "manage"];
  function ranksOf(place) {
    return new Map(
      data.access.map((access) => {
        const cell = access.cells.find(([each]) => each === place);
        const acts = cell ? data.sets[cell[1]].map(([act]) => act) : [];
        return [access.user, { cell, rank: Math.max(0, ...acts.map((act) => LEVELS.length - 1 - act)) }];
      }),
    );
  }
  function holesTo(access, resource, ranks) {
    return access.holes.filter((hole) => {
      if (hole.resource) return hole.resource === resource.stream && hole.account === resource.account;
      const level = LEVELS.indexOf(hole.level);
      if (hole.account !== resource.account || level <= ranks.get(access.user).rank) return false;
      if (hole.kind === "answer") return true;
      const others = (data.groups[hole.users] || []).filter((name) => name !== access.user);
      return others.some((name) => level <= (ranks.get(name) || { rank: 0 }).rank);
    });
  }
  function askResource(place) {
    const resource = data.resources[place];
    const ranks = ranksOf(place);
    const able = [];
    const others = [];
    for (const access of data.access) {
      const { cell } = ranks.get(access.user);
      const holes = holesTo(access, resource, ranks);
      if (!cell && holes.length === 0) continue;
      const items = (cell ? doingItems(access, cell[1]) : []).concat(holeItems(holes));
      (cell ? able : others).push([access.user, "in " + access.account, items]);
    }
    const title = plural(able.length, "user") + " can do something with " + resource.name + " by their lines, "
      + others.length + " more only through holes";
    show(title, able.concat(others));
  }

  function answer() {
    const text = input.value.trim().replace(/\?+$/, "").trim();
    if (text === "") {
      output.replaceChildren();
      return;
    }
    const asked = /^(?:who\s+can\s+)?(publish|subscribe)(?:\s+to)?\s+(.+)$/i.exec(text);
    if (asked) return askSubject(asked[1].toLowerCase(), asked[2].trim());
    const name = text.replace(/^what\s+can\s+(.*?)(?:\s+do)?$/i, "$1").replace(/^who\s+can\s+reach\s+/i, "");
    const access = data.access.find(({ user }) => user === name);
    if (access) return askUser(access);
    const place = data.resources.findIndex((each) => each.name === name || each.stream === name);
    if (place >= 0) return askResource(place);
    if (/\s/.test(name)) {
      output.replaceChildren(element("p", "", "Ask “who can publish SUBJECT”, “who can subscribe SUBJECT”, “what can USER do” or “who can reach STREAM”."));
      return;
    }
    if (name !== text) {
      output.replaceChildren(element("p", "", "There is no user and no stream “" + name + "”."));
      return;
    }
    askSubject("publish", name);
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  for (const example of document.querySelectorAll("[data-question]")) {
    example.addEventListener("click", () => {
      input.value = example.dataset.question;
      answer();
      input.focus();
    });
  }

  function enableFilters() {
    const filters = document.getElementById("filters");
    filters.hidden = false;
    const [users, resources] = filters.querySelectorAll("input");
    const count = document.getElementById("filtered");
    function filter() {
      const has = (name, wanted) => name.toLowerCase().includes(wanted.value.trim().toLowerCase());
      let shown = 0;
      for (const table of document.querySelectorAll(".matrix")) {
        const heads = [...table.tHead.rows[0].cells].slice(1);
        const columns = heads.map((head) => has(head.dataset.name, resources));
        heads.forEach((head, index) => (head.hidden = !columns[index]));
        for (const row of table.tBodies[0].rows) {
          row.hidden = !has(row.dataset.name, users);
          [...row.cells].slice(1).forEach((cell, index) => (cell.hidden = !columns[index]));
          if (!row.hidden && columns.includes(true)) shown++;
        }
      }
      const active = users.value.trim() + resources.value.trim() !== "";
      count.textContent = active ? shown + (shown === 1 ? " row" : " rows") + " shown" : "";
    }
    filters.addEventListener("input", filter);
  }
})();
`;
