#!/usr/bin/env node
process.stderr.write("elegans: no command yet\n");
process.exitCode = 2;
