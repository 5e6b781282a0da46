import "pixi.js/unsafe-eval"; // lets Pixi work under a content policy without eval
import "uplot/dist/uPlot.min.css";
import "./styles/tokens.css";
import "./styles/layout.css";
import "./styles/panels.css";
import "./styles/drive.css";
import "./styles/explain.css";
import "./styles/traces.css";
import "./styles/compare.css";
import { render } from "preact";
import * as z from "zod/mini";
import { App } from "./app/app.tsx";

z.config({ jitless: true }); // the validator must not try to compile code either

const app = document.getElementById("app");
if (app !== null) render(<App />, app);
