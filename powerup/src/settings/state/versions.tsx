// The versions that were in force, newest first: what differs, and the way back to one.

import { useState } from "preact/hooks";
import { useApp } from "../../parts/app";
import { Failed, Loading } from "../../parts/state";
import { useAsked } from "../ask";
import type { GivenAttached } from "../attached";
import { Difference } from "../difference";
import { Force } from "../force";
import { Panel } from "../panel";
import type { Version } from "../shapes";
import { useSay } from "../words";

interface Told {
  version: string;
  text: string;
  diff: string;
}

export function Versions(given: GivenAttached) {
  const say = useSay();
  const [back, setBack] = useState<Version | null>(null);
  const { setup } = given;
  if (back) return <GoBack {...given} to={back} close={() => setBack(null)} />;
  return (
    <Panel title={say("tab_versions")}>
      <p class="soft">{setup.versions.length > 1 ? say("versionsSay") : say("versionsOne")}</p>
      <ul class="versions">
        {setup.versions.map((one) => (
          <Row key={one.version} version={one} admin={setup.you.admin} back={() => setBack(one)} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ version, admin, back }: { version: Version; admin: boolean; back: () => void }) {
  const { words } = useApp();
  const say = useSay();
  const [open, setOpen] = useState(false);
  const name = version.at ? words.when(version.at) : say("unknownDay");
  return (
    <li>
      <p class="version">
        <strong>{name}</strong> <span class="soft">{version.name}</span> <code>{version.version}</code>
        {version.in_force && <span class="lozenge good">{say("inForceNow")}</span>}
      </p>
      {!version.in_force && (
        <p class="ways">
          <button type="button" class="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {say("whatDiffers")}
            <span class="hidden"> ({name})</span>
          </button>
          {admin && (
            <button type="button" class="small" onClick={back}>
              {say("goBack")}
              <span class="hidden"> ({name})</span>
            </button>
          )}
        </p>
      )}
      {open && <What version={version.version} />}
    </li>
  );
}

function useTold(version: string) {
  const { api } = useApp();
  return useAsked(() => api.setup<Told>(`/versions/${encodeURIComponent(version)}`), version);
}

function What({ version }: { version: string }) {
  const say = useSay();
  const told = useTold(version);
  if (!told.value) return told.trouble ? <Failed trouble={told.trouble} again={told.again} /> : <Loading />;
  return <Difference diff={told.value.diff} caption={say("differsSince")} />;
}

function GoBack({ setup, process, done, again, to, close }: GivenAttached & { to: Version; close: () => void }) {
  const { words } = useApp();
  const say = useSay();
  const told = useTold(to.version);
  return (
    <Panel title={say("goBackTo", { version: to.at ? words.when(to.at) : to.version })}>
      <p class="soft">{say("goBackSays")}</p>
      {!told.value && (told.trouble ? <Failed trouble={told.trouble} again={told.again} /> : <Loading />)}
      {told.value && (
        <Force
          text={told.value.text}
          over={process.version}
          label={say("goBack")}
          admin={setup.you.admin}
          back={close}
          backLabel={say("leaveIt")}
          done={() => {
            close();
            done(say("isBack"));
          }}
          onward={() => {
            close();
            again();
          }}
        />
      )}
    </Panel>
  );
}
