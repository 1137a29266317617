// The Power-Up's place at the top of the board: its buttons and the small menu that switches it on and
// off and opens its settings. And in a list's head: its actions.

import { useRef } from "preact/hooks";
import { Menu } from "../menu";
import { say } from "../words";
import { useTold } from "./asked";
import type { Host } from "./host";
import { Buttons } from "./oncard";
import { button, isRecord, many } from "./told";

interface TopProps {
  host: Host | undefined;
  /** It is installed, be it on or off. */
  name: string | undefined;
  switchOn: () => void;
  switchOff: () => void;
}

export function Top({ host, name, switchOn, switchOff }: TopProps) {
  const place = useRef<HTMLSpanElement>(null);
  const status = useTold(host, "authorization-status", {});
  if (!name) return null;
  const unknown = isRecord(status) && status.authorized === false && host?.can("show-authorization");
  const choices = host
    ? [
        ...(unknown ? [{ id: "show-authorization", name: say("authorize") }] : []),
        ...(host.can("show-settings") ? [{ id: "show-settings", name: say("settings") }] : []),
        { id: "off", name: say("switchOff") },
      ]
    : [{ id: "on", name: say("switchOn") }];
  const choose = (id: string) => {
    if (id === "on") switchOn();
    else if (id === "off") switchOff();
    else {
      const el = place.current && host?.anchor(place.current);
      host?.ask(id, el ? { el } : {}).catch((error: Error) => host.page?.tell(`${name}: ${error.message}`));
    }
  };
  return (
    <>
      <Buttons host={host} capability="board-buttons" ground="dark" />
      <span ref={place}>
        <Menu className="pu-button" label={`${name} ▾`} name={say("powerUp", { a: name })} choices={choices} choose={choose} />
      </span>
    </>
  );
}

/** At most three, as in Trello. */
const ACTIONS = 3;

export function ListActions({ host, list, name, tabIndex }: { host: Host | undefined; list: string; name: string; tabIndex: number }) {
  const place = useRef<HTMLSpanElement>(null);
  const told = useTold(host, "list-actions", { list });
  const actions = many(told, (one) => button(one, "light")).slice(0, ACTIONS);
  if (!host || !actions.length) return null;
  return (
    <span ref={place}>
      <Menu
        className="quiet"
        label="⋯"
        name={say("listActions", { a: name })}
        tabIndex={tabIndex}
        choices={actions.map((one, at) => ({ id: String(at), name: one.text }))}
        choose={(id) => {
          const chosen = actions[Number(id)];
          const el = place.current ? host.anchor(place.current) : undefined;
          if (chosen) host.press(undefined, chosen, { list, el });
        }}
      />
    </span>
  );
}
