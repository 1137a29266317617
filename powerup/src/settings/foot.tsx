// The foot of a step: one way on, and one way back.

import { useSay } from "./words";

interface Foot {
  back?: () => void;
  backLabel?: string;
  next: () => void;
  label: string;
  busy?: boolean;
  why?: string;
}

export function Foot({ back, backLabel, next, label, busy = false, why = "" }: Foot) {
  const say = useSay();
  return (
    <div class="foot">
      {back && (
        <button type="button" onClick={back}>
          {backLabel ?? say("back")}
        </button>
      )}
      <button
        type="button"
        class="main"
        aria-disabled={busy || Boolean(why)}
        aria-describedby={why ? "why-not" : undefined}
        onClick={() => !busy && !why && next()}
      >
        {label}
      </button>
      {why && (
        <p class="soft" id="why-not">
          {why}
        </p>
      )}
    </div>
  );
}
