import { render } from "preact";

const app = document.getElementById("app");
if (app !== null) render(<h1>elegans</h1>, app);
