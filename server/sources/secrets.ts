/**
 * Secrets of sources: `${NAME}` in a city's folder stands for a variable of the server's environment. Values go into connections and
 * nowhere else: no message made here holds one.
 */
import { REFERENCE } from '../catalogue/mqtt-schema.ts';
import { AppError } from '../contract/index.ts';

/**
 * A function that replaces every `${NAME}` of a text by its value. Set but empty is taken as not set, as everywhere in the environment.
 * @throws AppError `invalid_request` that names the variables that are not set.
 */
export function createSecrets(environment: Readonly<Record<string, string | undefined>>): (text: string) => string {
  return (text) => {
    const missing = new Set<string>();
    const filled = text.replace(REFERENCE, (_all, name: string) => {
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value === undefined || value === '') missing.add(name);
      return value ?? '';
    });
    if (missing.size === 0) return filled;
    const names = [...missing];
    throw new AppError('invalid_request', `${names.length === 1 ? 'The variable' : 'The variables'} ${names.join(', ')} must be set in the environment of the server.`);
  };
}
