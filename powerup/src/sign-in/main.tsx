// A card's page by itself, before it is known who looks: one button, which leads to Trello.

import { render } from "preact";
import { useState } from "preact/hooks";
import { Notice } from "../parts/state";
import { Words } from "../words/words";
import { keep } from "./kept";
import "../parts/tokens.css";
import "../parts/parts.css";
import "./sign-in.css";

const { lang, dataset } = document.documentElement;
const words = new Words(lang);
const { authorize = "", state = "", back = "" } = dataset;

function SignIn() {
  const [lost, setLost] = useState(false);
  const begin = () => {
    if (keep({ state, back })) location.assign(authorize);
    else setLost(true);
  };
  return (
    <main class="sign-in">
      <h1>Signalman</h1>
      <p>{words.say("signInWhy")}</p>
      <button type="button" class="main" onClick={begin}>
        {words.say("signInTrello")}
      </button>
      <p class="soft">{words.say("signInHow")}</p>
      <div role="status">{lost && <Notice tone="warn">{words.say("signInNoStore")}</Notice>}</div>
    </main>
  );
}

const root = document.getElementById("app");
if (root) render(<SignIn />, root);
