/** Entry of `npm run config:check`. */
import { main } from './check.ts';

process.exitCode = await main(process.argv.slice(2), console.log, process.env);
