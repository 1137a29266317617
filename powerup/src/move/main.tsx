import { start } from "../parts/app";
import { MovePage } from "./move";
import "../card/card.css";

start(() => <MovePage />);
