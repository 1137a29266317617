// Which list is which stage, and who holds which role. What was guessed says so.

import { useApp } from "../../parts/app";
import { Icon } from "../../parts/icon";
import { People } from "../editor/inputs";
import type { Bound, Setup } from "../shapes";
import { useSay } from "../words";
import { bind, doubles, free, hold, how, nobody, now, type How } from "./steps";
import { Foot } from "../foot";
import { Frame, type Step } from "./wizard";

const TONES: Record<How, string> = { name: "good", place: "warn", mine: "info", created: "info" };
const SAYS = { name: "byName", place: "byPlace", mine: "byYou", created: "willBeCreated" } as const;

export function Bind({ setup, wizard, set, next, back }: Step) {
  const { words } = useApp();
  const say = useSay();
  const chosen = now(wizard);
  if (!chosen) return null;
  const { proposal } = chosen;
  const twice = doubles(proposal);
  const left = free(setup.board.lists, proposal);
  const empty = nobody(proposal);
  return (
    <Frame wizard={wizard}>
      <p class="soft">{say("bindHow")}</p>
      <h3>{say("listsAndStages")}</h3>
      <ul class="binding">
        {proposal.stages.map((bound) => (
          <Row
            key={bound.stage}
            bound={bound}
            setup={setup}
            how={how(chosen, bound.stage)}
            twice={twice.get(bound.stage)}
            choose={(list) => set(bind(wizard, bound.stage, list))}
          />
        ))}
      </ul>
      {left.length > 0 && <p class="soft">{say("freeLists", { n: left.length, lists: left.map(({ name }) => say("inQuotes", { name })).join(", ") })}</p>}
      <h3>{say("peopleAndRoles")}</h3>
      <p class="soft">{say("rolesHow")}</p>
      <ul class="holding">
        {proposal.roles.map(({ role, name, people }) => (
          <li key={role}>
            <People
              legend={name}
              members={setup.board.members}
              people={people}
              set={(all) => set(hold(wizard, role, all))}
              note={people.length ? "" : say("nobodyHolds")}
            />
          </li>
        ))}
      </ul>
      {empty.length > 0 && <p class="notice warn">{say("nobodyYet", { n: empty.length, roles: words.either(empty.map(({ name }) => name)) })}</p>}
      <Foot back={back} next={next} label={say("next")} why={twice.size ? say("twiceWhy") : ""} />
    </Frame>
  );
}

interface RowProps {
  bound: Bound;
  setup: Setup;
  how: How;
  twice: string | undefined;
  choose: (list: string | null) => void;
}

function Row({ bound, setup, how: by, twice, choose }: RowProps) {
  const say = useSay();
  const id = `bind-${bound.stage}`;
  return (
    <li>
      <label for={id}>{bound.name}</label>
      <Icon name="arrow" />
      <select
        id={id}
        class="input"
        value={bound.list ?? ""}
        aria-invalid={Boolean(twice)}
        aria-describedby={`${id}-how`}
        onChange={({ currentTarget }) => choose(currentTarget.value || null)}
      >
        <option value="">{say("newList")}</option>
        {setup.board.lists.map(({ id: list, name, cards }) => (
          <option key={list} value={list}>
            {cards ? say("listOf", { name, n: cards }) : name}
          </option>
        ))}
      </select>
      <span id={`${id}-how`} class="how">
        {twice ? <span class="wrong">{say("twice", { stage: twice })}</span> : <span class={`lozenge ${TONES[by]}`}>{say(SAYS[by], { name: bound.name })}</span>}
      </span>
    </li>
  );
}
