// The settings of one board: the way to a process where there is none, and how it stands where there is.

import { useState } from "preact/hooks";
import { useApp } from "../parts/app";
import { Loading, Notice, Stopped, sentence } from "../parts/state";
import { useAsked, type Asked } from "./ask";
import { Attached } from "./attached";
import type { Setup } from "./shapes";
import { useSay } from "./words";
import { Unattached } from "./unattached";

export function SettingsPage() {
  const { api } = useApp();
  const asked = useAsked(() => api.setup<Setup>(""), "");
  if (!asked.value) return asked.trouble ? <Stopped trouble={asked.trouble} again={asked.again} /> : <Loading />;
  return <Known asked={asked} setup={asked.value} />;
}

function Known({ asked, setup }: { asked: Asked<Setup>; setup: Setup }) {
  const { words } = useApp();
  const say = useSay();
  const [news, setNews] = useState("");
  const done = (what: string) => {
    setNews(what);
    asked.again();
  };
  const under = setup.process && (setup.state === "active" || setup.state === "paused");
  return (
    <main class={under ? "settings attached" : "settings"}>
      <p role="status" class={news ? "notice good" : "hidden"}>
        {news}
      </p>
      {asked.trouble && (
        <Notice tone="warn">
          {sentence(asked.trouble, words)}{" "}
          <button type="button" class="link" onClick={asked.again}>
            {words.say("again")}
          </button>
        </Notice>
      )}
      {!setup.you.admin && <Notice tone="info">{say("onlyAdmins", { who: admins(setup, words.either) })}</Notice>}
      {under && setup.process ? (
        <Attached setup={setup} process={setup.process} done={done} again={asked.again} hush={() => setNews("")} />
      ) : (
        <Unattached setup={setup} done={done} again={asked.again} />
      )}
    </main>
  );
}

function admins(setup: Setup, either: (names: string[]) => string): string {
  return either(setup.board.members.filter(({ admin, bot }) => admin && !bot).map(({ name }) => name));
}
