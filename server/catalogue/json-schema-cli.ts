/** Entry of the command that makes, or with `--check` compares, the JSON Schemas for editors. */
import { main } from './json-schema.ts';

process.exitCode = await main(process.argv.slice(2), console.log);
