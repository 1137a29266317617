// Half of a sign-in's state, kept by this tab from the button to the way back from Trello; the other
// half is in a cookie that no script reads. Whoever is sent here from elsewhere has begun nothing.

const KEY = "signalman sign-in";

export interface Kept {
  state: string;
  /** The card's page that the sign-in leads back to. */
  back: string;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** False where the browser keeps nothing. */
export function keep(kept: Kept, store: () => Store = tab): boolean {
  try {
    store().setItem(KEY, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** Serves once. */
export function take(store: () => Store = tab): Kept | null {
  try {
    const told: unknown = JSON.parse(store().getItem(KEY) ?? "null");
    store().removeItem(KEY);
    if (typeof told !== "object" || told === null || !("state" in told) || !("back" in told)) return null;
    const { state, back } = told;
    return typeof state === "string" && typeof back === "string" && isOwn(back) ? { state, back } : null;
  } catch {
    return null;
  }
}

const tab = () => sessionStorage;

/** A card's page, and nothing else. */
export function isOwn(path: string): boolean {
  return /^\/c\/[0-9a-f]{24}\/[0-9a-f]{24}$/.test(path);
}
