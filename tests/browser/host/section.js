// The section on a card: who looks, at what, and a count that is kept at Trello.
const t = window.TrelloPowerUp.iframe({ targetOrigin: document.documentElement.dataset.host });
window.heard = [];
addEventListener("message", (event) => window.heard.push(JSON.stringify(event.data)));
window.asked = t;

const put = (id, text) => {
  document.getElementById(id).textContent = text;
};
const show = async () => {
  const [card, member, list, mine, ours] = await Promise.all([
    t.card("name", "members", "url"),
    t.member("fullName"),
    t.list("name"),
    t.get("card", "private", "count", 0),
    t.get("card", "shared", "count", 0),
  ]);
  const { locale } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  put("told", `${card.name} · ${list.name} · ${member.fullName} · ${locale} · ${t.arg("from")}`);
  put("counts", `mine ${mine}, ours ${ours}`);
  put("theme", `${document.documentElement.dataset.colorMode} ${t.getColorToken("color.text")}`);
  await t.sizeTo("#all");
};
document.getElementById("more").addEventListener("click", async () => {
  await t.set("card", "private", "count", (await t.get("card", "private", "count", 0)) + 1);
  await t.set("card", "shared", "count", (await t.get("card", "shared", "count", 0)) + 1);
});
document.getElementById("popup").addEventListener("click", (mouseEvent) =>
  t.popup({ mouseEvent, title: "From the frame", items: [{ text: "Count", callback: (inner) => inner.set("card", "shared", "count", 40) }] }),
);
t.subscribeToThemeChanges(show);
t.render(show);
