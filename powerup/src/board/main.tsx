import { start } from "../parts/app";
import { BoardPage } from "./board";
import "./board.css";

start(() => <BoardPage />, { fit: false });
