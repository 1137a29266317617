// The Power-Up of a board, switched on or off, opened anew for whoever one is.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { Board, Home, Person, Trello } from "../api";
import type { Theme } from "../theme";
import { Host, type Page } from "./host";
import { type Installed, switched } from "./link";

interface Wish {
  powerup: Installed | null;
  home: Home;
  trello: Trello;
  person: Person | undefined;
  board: Board | undefined;
  theme: Theme;
  page: Page;
}

export interface PowerUp {
  host: Host | undefined;
  name: string | undefined;
  switchOn: () => void;
  switchOff: () => void;
}

export function usePowerUp({ powerup, home, trello, person, board, theme, page }: Wish): PowerUp {
  const [on, setOn] = useState(() => powerup !== null && !powerup.off.includes(home.id));
  const [first, setFirst] = useState(false);
  // A context says what one may do here, which the board does.
  const ready = board !== undefined;
  const host = useMemo(() => {
    if (!powerup || !person || !on || !ready) return undefined;
    const locale = home.language === "ru" ? "ru" : "en-US";
    return new Host({ trello, home, person, powerup, locale, theme });
  }, [powerup, home, trello, person, on, ready]);
  if (host) {
    host.see(board);
    host.page = page;
  }
  useEffect(() => {
    host?.start(first);
    setFirst(false);
    return () => host?.close();
  }, [host]);
  useEffect(() => host?.setTheme(theme), [host, theme]);
  const failed = (error: Error) => page.tell(error.message);
  return {
    host,
    name: powerup?.name,
    switchOn: () => {
      const done = () => {
        setFirst(true);
        setOn(true);
      };
      switched(trello, home.id, true).then(done).catch(failed);
    },
    switchOff: () => void host?.switchOff().then(() => setOn(false)).catch(failed),
  };
}
