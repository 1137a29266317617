// The section on a card's back, and the same page by itself on a phone.

import { start } from "../parts/app";
import { CardPage } from "./card";
import "./card.css";

start(() => <CardPage />);
