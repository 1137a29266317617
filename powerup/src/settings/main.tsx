import { start } from "../parts/app";
import { SettingsPage } from "./settings";
import "./settings.css";

start(() => <SettingsPage />, { fit: false });
