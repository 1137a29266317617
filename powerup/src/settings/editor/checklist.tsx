// A checklist: its items, and whose tick of each counts.

import type { At, Form, Item } from "../shapes";
import { useSay } from "../words";
import { Adder, Flag, Many, Order, Text } from "./inputs";
import { keyFor } from "./keys";
import { useDesk, useSetter } from "./work";
import { sayWhen, WhenOf } from "./when";

type Checklist = Form["checklist"][number];

export function ChecklistOf({ list }: { list: Checklist }) {
  const say = useSay();
  const { form, put, choose } = useDesk();
  const at: At = { part: "checklist", key: list.key };
  const title = say("checklistOf", { name: list.name });
  const set = useSetter(at, title);
  const nth = form.checklist.findIndex(({ key }) => key === list.key);
  const move = (to: number) => {
    const after = form.checklist[to]?.key;
    put(`${title}: ${say("order")}`, [{ change: "move", at, ...(after && { after }) }]);
  };
  const add = (name: string) => {
    const taken = form.checklist.flatMap(({ item }) => item.flatMap(({ key }) => key ?? []));
    const last = list.item.at(-1);
    put(`${title}: + ${name}`, [
      {
        change: "add",
        to: { list: "item", checklist: list.key },
        what: { key: keyFor(name, taken, "item"), name },
        ...(last && { after: last.key ?? last.name }),
      },
    ]);
  };
  return (
    <>
      <div class="part-head">
        <h3 tabIndex={-1}>{title}</h3>
        <Order
          name={list.name}
          up={nth > 0 ? () => move(nth - 2) : undefined}
          down={nth + 1 < form.checklist.length ? () => move(nth + 1) : undefined}
          remove={() => {
            put(say("checklistRemoved", { name: list.name }), [{ change: "remove", at }]);
            choose("general");
          }}
        />
      </div>
      <Text label={say("name")} value={list.name} set={(value) => value && set(say("name"), "name", value)} hint={say("checklistNameHint")} />
      <section class="needs" data-part>
        <h4 tabIndex={-1}>{say("items")}</h4>
        <ul>
          {list.item.map((item, at) => (
            <ItemOf key={item.key ?? item.name} list={list} item={item} nth={at} />
          ))}
        </ul>
        <Adder label={say("newItem")} add={add} />
      </section>
    </>
  );
}

function ItemOf({ list, item, nth }: { list: Checklist; item: Item; nth: number }) {
  const say = useSay();
  const { form, put } = useDesk();
  const at: At = { part: "item", checklist: list.key, key: item.key ?? item.name };
  const title = say("itemOf", { list: list.name, name: item.name });
  const set = useSetter(at, title);
  const roles = form.role.map(({ key, name }) => ({ value: key, name }));
  const who = item.by.map((key) => form.role.find((role) => role.key === key)?.name ?? key);
  const move = (to: number) => {
    const other = list.item[to];
    put(`${title}: ${say("order")}`, [{ change: "move", at, ...(other && { after: other.key ?? other.name }) }]);
  };
  return (
    <li class="one">
      <details>
        <summary>
          {item.name} {who.length > 0 && <span class="soft">({who.join(", ")})</span>} {item.when && <span class="soft">{sayWhen(item.when, form, say)}</span>}
        </summary>
        <div class="need">
          <Text label={say("name")} value={item.name} set={(value) => value && set(say("name"), "name", value)} />
          <Many legend={say("countsBy")} value={item.by} options={roles} set={(value) => set(say("countsBy"), "by", value)} hint={say("countsByHint")} />
          <Flag label={say("noDeputy")} value={item.no_deputy} set={(value) => set(say("noDeputy"), "no_deputy", value)} />
          <Flag label={say("lapses")} value={item.lapses} set={(value) => set(say("lapses"), "lapses", value)} hint={say("lapsesHint")} />
          <WhenOf value={item.when} set={(when) => set(say("when"), "when", when)} />
        </div>
      </details>
      <Order
        name={item.name}
        up={nth > 0 ? () => move(nth - 2) : undefined}
        down={nth + 1 < list.item.length ? () => move(nth + 1) : undefined}
        remove={() => put(`${title}: −`, [{ change: "remove", at }])}
      />
    </li>
  );
}
