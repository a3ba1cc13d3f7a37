// Started by `node --import`: from here on this process reads TypeScript.
import { register } from "node:module";

register("./hooks.js", import.meta.url);
