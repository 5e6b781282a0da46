// Everything the compiled module exports. One line per kernel family.
export { version } from "./version";
