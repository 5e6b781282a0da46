/** Source text on one line, without comments. */
export const flat = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .replace(/,? ([)\]>])(?!=)/g, "$1")
    .replace(/([([]|\w<) /g, "$1")
    .replace(/(: )\| /g, "$1")
    .trim();
