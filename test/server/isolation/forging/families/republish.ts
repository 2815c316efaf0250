import { type Attempt, marked } from "../attempt";
import { type Family, groupedBy } from "../family";

let count = 0;

/** Messages that a stream of the attacker publishes again elsewhere when it has stored them. */
export const republishing: Family = {
  name: "republish",
  jetStream: true,
  ownStreams: true,
  attempts: (field) => field.crossed(),
  run: async (field, attempts) => {
    const { client } = field;
    const made: string[] = [];
    const lead = async (target: string, group: readonly Attempt[]) => {
      const [name, prefix] = [`REPUBLISH_${count}`, `republish.${count++}`];
      const ways = [
        { subjects: [`${prefix}.>`], republish: { src: `${prefix}.>`, dest: target } },
        { subjects: [`${prefix}.all`], republish: { src: `${prefix}.all`, dest: target } },
      ];
      const way = target.endsWith(">") ? ways[0] : ways[1];
      const { error } = await client.ask(`$JS.API.STREAM.CREATE.${name}`, { storage: "memory", name, ...way });
      if (error) return;
      made.push(name);
      for (const each of group) {
        const subject = target.endsWith(">") ? `${prefix}.${each.stored}` : `${prefix}.all`;
        client.publish(subject, each.data, { headers: marked(each) });
      }
    };
    await Promise.all([...groupedBy(attempts, ({ target }) => target)].map(([target, group]) => lead(target, group)));
    await field.settle();
    await Promise.all(made.map((name) => client.ask(`$JS.API.STREAM.DELETE.${name}`)));
  },
};
