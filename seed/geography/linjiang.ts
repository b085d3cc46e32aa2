/** What the simulator knows of the demonstration district's land: the generator's `facts.json` as a value. */

import facts from './facts.json' with { type: 'json' };
import type { GeographyFacts } from './facts.ts';

export const linjiang: GeographyFacts = facts as GeographyFacts;
