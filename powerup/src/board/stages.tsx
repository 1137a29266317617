// The stages with what stands in them. A stage's name narrows the other lists to it.

import type { BoardStage } from "../contract";
import { useApp } from "../parts/app";
import { Face } from "../parts/face";
import type { Load } from "./rows";

export function Stages({ loads, choose }: { loads: Load[]; choose: (stage: BoardStage) => void }) {
  const { words } = useApp();
  const most = Math.max(1, ...loads.map(({ count }) => count));
  const path = loads.filter(({ stage }) => !stage.side);
  const side = loads.filter(({ stage }) => stage.side);
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={words.say("stages")}>
      <table class="stages">
        <thead>
          <tr>
            <th scope="col">{words.say("stage")}</th>
            <th scope="col">{words.say("cards")}</th>
            <th scope="col">{words.say("age")}</th>
            <th scope="col">{words.say("limit")}</th>
            <th scope="col">{words.say("owner")}</th>
          </tr>
        </thead>
        <tbody>
          {path.map((load) => (
            <Line key={load.stage.key} load={load} most={most} choose={choose} />
          ))}
        </tbody>
        {side.length > 0 && (
          <tbody>
            <tr>
              <th scope="rowgroup" colSpan={5} class="aside">
                {words.say("sideStages")}
              </th>
            </tr>
            {side.map((load) => (
              <Line key={load.stage.key} load={load} most={most} choose={choose} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function Line({ load, most, choose }: { load: Load; most: number; choose: (stage: BoardStage) => void }) {
  const { words } = useApp();
  const { stage, count, late, near, oldest } = load;
  const part = (n: number) => ({ width: `${(n / most) * 100}%` });
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={() => choose(stage)}>
          {stage.name}
        </button>
      </th>
      <td>
        <div class="load">
          <span class="count">{words.number(count)}</span>
          <span class="stack" aria-hidden="true">
            {count > late + near && <i class="calm" style={part(count - late - near)} />}
            {near > 0 && <i class="near" style={part(near)} />}
            {late > 0 && <i class="late" style={part(late)} />}
          </span>
          {late > 0 && <span class="lozenge bad">{words.say("lateOf", { n: late })}</span>}
        </div>
      </td>
      <td>{count > 0 && words.say("oldest", { age: words.duration(oldest) })}</td>
      <td>{stage.limit_minutes === null ? words.say("noLimit") : words.duration(stage.limit_minutes)}</td>
      <td>
        <span class="owner">
          {stage.owner.people.map((person) => (
            <Face key={person.id} person={person} />
          ))}
          {stage.owner.role}
        </span>
      </td>
    </tr>
  );
}
