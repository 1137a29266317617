// A Power-Up that does nothing but show that each capability is asked for.
const stage = (t) => t.popup({ title: "Stage", url: "./popup.html", args: { about: t.getContext().list }, height: 90 });
const ask = (t) =>
  t.popup({
    title: "Which one?",
    search: { placeholder: "Search", empty: "None" },
    items: [
      { text: "Explain", callback: stage },
      { text: "Say it", callback: (inner) => inner.alert({ message: "Said by a list action", duration: 30, display: "success" }) },
      { text: "Just a line" },
    ],
  });
let refreshed = 0;

window.TrelloPowerUp.initialize(
  {
    "card-badges": (t) => [
      { text: t.getContext().theme, icon: "./icon.svg", color: "red" },
      { dynamic: (inner) => inner.card("name").then(({ name }) => ({ text: `${name.length}·${++refreshed}`, color: "green", refresh: 10 })) },
    ],
    "card-detail-badges": () => [
      { title: "Stage", text: "2 days", color: "yellow", callback: (t) => t.popup({ title: "Sure?", type: "confirm", message: "Shall it go on?", confirmText: "Go on", onConfirm: (inner) => inner.set("card", "shared", "gone", true) }) },
    ],
    "card-buttons": () => [
      { icon: "./icon.svg", text: "Move on", callback: (t) => t.popup({ title: "Move on", url: "./popup.html", args: { about: "a card" }, height: 90 }) },
      { icon: "./icon.svg", text: "For admins", condition: "admin", callback: () => {} },
    ],
    "card-back-section": (t) => ({
      title: "The process",
      icon: "./icon.svg",
      content: { type: "iframe", url: t.signUrl("./section.html", { from: "connector" }), height: 40 },
    }),
    "board-buttons": () => [
      { icon: { dark: "./icon.svg", light: "./icon.svg" }, text: "Who has the ball", callback: (t) => t.modal({ title: "The ball", url: "./modal.html", height: 300, accentColor: "#0a5c7f", actions: [{ icon: "./icon.svg", alt: "Help", callback: (inner) => inner.alert({ message: "Help" }) }] }) },
      { icon: { dark: "./icon.svg", light: "./icon.svg" }, text: "Bar", callback: (t) => t.boardBar({ title: "A bar", url: "./modal.html", height: 120 }) },
    ],
    "list-actions": () => [{ text: "Explain this stage", callback: ask }],
    "show-settings": (t) => t.popup({ title: "Set it up", url: "./popup.html", args: { about: "settings" }, height: 90 }),
    "authorization-status": () => ({ authorized: true }),
    "on-enable": (t) => t.modal({ title: "Welcome", url: "./modal.html", height: 200 }),
  },
  { targetOrigin: document.documentElement.dataset.host },
);
