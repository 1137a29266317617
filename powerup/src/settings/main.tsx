import { start } from "../parts/app";
import { SettingsPage } from "./settings";
import "./settings.css";
import "./editor/editor.css";

start(() => <SettingsPage />, { fit: false });
