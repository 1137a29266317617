// What the process has as a whole: name and language, roles, hours, limits, labels, the guide.

import { useSay } from "../words";
import { Adder, Flag, Lines, Many, NumberOf, One, People, Text } from "./inputs";
import { keyFor } from "./keys";
import { useDesk, useSetter } from "./work";

export function General() {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "file" }, say("general"));
  const zones = Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, name: zone }));
  return (
    <>
      <h3 tabIndex={-1}>{say("general")}</h3>
      <Text label={say("processName")} value={form.name} set={(value) => value && set(say("processName"), "name", value)} />
      <One
        label={say("language")}
        value={form.language}
        options={[
          { value: "ru", name: "Русский" },
          { value: "en", name: "English" },
        ]}
        set={(value) => value && set(say("language"), "language", value)}
        hint={say("languageHint")}
      />
      <One label={say("timeZone")} value={form.time_zone} options={zones} set={(value) => value && set(say("timeZone"), "time_zone", value)} />
      <One
        label={say("processOwner")}
        value={form.owner}
        options={form.role.map(({ key, name }) => ({ value: key, name }))}
        set={(value) => value && set(say("processOwner"), "owner", value)}
        hint={say("processOwnerHint")}
      />
      <One
        label={say("fieldsIn")}
        value={form.fields_in ?? "description"}
        options={[
          { value: "description", name: say("inDescription") },
          { value: "custom_fields", name: say("inCustomFields") },
        ]}
        set={(value) => value && set(say("fieldsIn"), "fields_in", value)}
      />
      <Flag label={say("seedInWatch")} value={form.seed_in_watch} set={(value) => set(say("seedInWatch"), "seed_in_watch", value)} />
      <Text label={say("newsList")} value={form.news_list} set={(value) => set(say("newsList"), "news_list", value)} hint={say("newsListHint")} />
    </>
  );
}

export function Guide() {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "guide" }, say("guide"));
  return (
    <>
      <h3 tabIndex={-1}>{say("guide")}</h3>
      <p class="soft">{say("guideSays")}</p>
      <Text label={say("guideTitle")} value={form.guide?.title ?? null} set={(value) => set(say("guideTitle"), "title", value)} />
      <Text label={say("guideText")} value={form.guide?.text ?? null} set={(value) => set(say("guideText"), "text", value)} lines={10} />
    </>
  );
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function Hours() {
  const say = useSay();
  const { form, put } = useDesk();
  const set = useSetter({ part: "hours" }, say("hours"));
  const { hours } = form;
  /** Hours are needed all together: the first to be named brings the usual others. */
  const begin = () =>
    put(say("hours"), [
      { change: "set", at: { part: "file" }, key: "hours", value: { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" } },
    ]);
  return (
    <>
      <h3 tabIndex={-1}>{say("hours")}</h3>
      <p class="soft">{say(hours ? "hoursSay" : "hoursNone")}</p>
      {!hours && (
        <p>
          <button type="button" onClick={begin}>
            {say("hoursBegin")}
          </button>
        </p>
      )}
      {hours && (
        <>
          <Many
            legend={say("workDays")}
            value={hours.days}
            options={DAYS.map((day) => ({ value: day, name: say(day) }))}
            set={(all) => all.length && set(say("workDays"), "days", DAYS.filter((day) => all.includes(day)))}
          />
          <Text label={say("dayFrom")} value={hours.from} set={(value) => value && set(say("dayFrom"), "from", value)} placeholder="10:00" />
          <Text label={say("dayTo")} value={hours.to} set={(value) => value && set(say("dayTo"), "to", value)} placeholder="19:00" />
          <Text
            label={say("lunch")}
            value={hours.lunch?.join(" – ") ?? null}
            set={(value) => set(say("lunch"), "lunch", value?.match(/\d{1,2}:\d{2}/g) ?? null)}
            hint={say("lunchHint")}
            placeholder="13:00 – 14:00"
          />
          <Lines label={say("daysOff")} value={hours.off} set={(value) => set(say("daysOff"), "off", value)} hint={say("daysOffHint")} />
        </>
      )}
    </>
  );
}

export function Limits() {
  const say = useSay();
  const { form } = useDesk();
  const set = useSetter({ part: "limits" }, say("limits"));
  const { limits } = form;
  return (
    <>
      <h3 tabIndex={-1}>{say("limits")}</h3>
      <p class="soft">{say("limitsSay")}</p>
      <NumberOf
        label={say("reversals")}
        value={limits.reversals_per_hour}
        set={(value) => set(say("reversals"), "reversals_per_hour", value)}
        hint={say("reversalsHint")}
      />
      <NumberOf label={say("bulk")} value={limits.bulk} set={(value) => set(say("bulk"), "bulk", value)} hint={say("bulkHint")} />
      <Text label={say("grace")} value={limits.grace} set={(value) => set(say("grace"), "grace", value)} hint={say("graceHint")} placeholder="10m" />
    </>
  );
}

export function Roles() {
  const say = useSay();
  const { form, put } = useDesk();
  const add = (name: string) => {
    const last = form.role.at(-1);
    const key = keyFor(name, form.role.map((role) => role.key), "role");
    put(`${say("roles")}: + ${name}`, [{ change: "add", to: { list: "role" }, what: { key, name }, ...(last && { after: last.key }) }]);
  };
  return (
    <>
      <h3 tabIndex={-1}>{say("roles")}</h3>
      <p class="soft">{say("rolesSay")}</p>
      {form.role.map((role) => (
        <RoleOf key={role.key} role={role} />
      ))}
      <Adder label={say("newRole")} add={add} />
    </>
  );
}

function RoleOf({ role }: { role: { key: string; name: string; people: string[]; deputies: string[] } }) {
  const say = useSay();
  const { members, put } = useDesk();
  const at = { part: "role", key: role.key } as const;
  const title = say("roleOf", { name: role.name });
  const set = useSetter(at, title);
  return (
    <section class="card" data-part>
      <Text label={say("roleName")} value={role.name} set={(value) => value && set(say("roleName"), "name", value)} />
      <People legend={say("holders")} members={members} people={role.people} set={(value) => set(say("holders"), "people", value)} note={role.people.length ? "" : say("nobodyHolds")} />
      <details class="more" open={role.deputies.length > 0}>
        <summary>{say("deputies")}</summary>
        <People legend={say("deputies")} members={members} people={role.deputies} set={(value) => set(say("deputies"), "deputies", value)} note={say("deputiesHint")} />
      </details>
      <p>
        <button type="button" class="quiet small" aria-label={say("removeOf", { name: role.name })} onClick={() => put(`${title}: −`, [{ change: "remove", at }])}>
          {say("remove")}
        </button>
      </p>
    </section>
  );
}

const COLOURS = ["green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black"] as const;

export function Labels() {
  const say = useSay();
  const { form, put } = useDesk();
  const add = (name: string) => {
    const last = form.label.at(-1);
    const key = keyFor(name, form.label.map((label) => label.key), "label");
    put(`${say("labels")}: + ${name}`, [{ change: "add", to: { list: "label" }, what: { key, name }, ...(last && { after: last.key }) }]);
  };
  return (
    <>
      <h3 tabIndex={-1}>{say("labels")}</h3>
      <p class="soft">{say("labelsSay")}</p>
      {form.label.map((label) => (
        <LabelOf key={label.key} label={label} />
      ))}
      <Adder label={say("newLabel")} add={add} />
    </>
  );
}

function LabelOf({ label }: { label: { key: string; name: string; color: string | null } }) {
  const say = useSay();
  const { put } = useDesk();
  const at = { part: "label", key: label.key } as const;
  const title = say("labelOf", { name: label.name });
  const set = useSetter(at, title);
  return (
    <section class="card inline" data-part>
      <Text label={say("name")} value={label.name} set={(value) => value && set(say("name"), "name", value)} />
      <One
        label={say("colour")}
        none={say("noColour")}
        value={label.color}
        options={COLOURS.map((colour) => ({ value: colour, name: say(`colour_${colour}`) }))}
        set={(value) => set(say("colour"), "color", value)}
      />
      <button type="button" class="quiet small" aria-label={say("removeOf", { name: label.name })} onClick={() => put(`${title}: −`, [{ change: "remove", at }])}>
        {say("remove")}
      </button>
    </section>
  );
}
