const t = window.TrelloPowerUp.iframe({ targetOrigin: document.documentElement.dataset.host });
document.getElementById("about").textContent = `about ${t.arg("about")}`;
document.getElementById("next").addEventListener("click", () => t.popup({ title: "Deeper", url: "./popup.html", args: { about: "what follows" }, height: 60 }));
document.getElementById("back").addEventListener("click", () => t.back());
document.getElementById("shut").addEventListener("click", () => t.closePopup());
