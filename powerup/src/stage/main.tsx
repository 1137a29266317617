import { start } from "../parts/app";
import { StagePage } from "./stage";
import "./stage.css";

start(() => <StagePage />);
