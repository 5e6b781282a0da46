import "./app/language-guard.ts";

// Everything else is fetched only now, so that the guard has run before any of it, in whatever chunks it lies.
void import("./start.tsx");
