import { start } from "../parts/app";
import { PaperPage } from "./paper";
import "./paper.css";
import "./screen.css";

start(() => <PaperPage />, { fit: false });
