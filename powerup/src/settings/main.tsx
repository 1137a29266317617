import { start } from "../parts/app";
import { Loading } from "../parts/state";

start(() => <Loading />);
