import { expect, it } from 'vitest';
import { AppError } from '../contract/index.ts';
import { createSecrets } from './secrets.ts';

const name = (text: string): string => `$\{${text}}`;
const secret = createSecrets({ USER: 'city', PASSWORD: `a${name('USER')}$&b`, EMPTY: '' });

it('fills in every reference, and nothing that a value holds', () => {
  expect(secret(`mqtt://${name('USER')}:${name('PASSWORD')}@host`)).toBe(`mqtt://city:a${name('USER')}$&b@host`);
  expect(secret('plain $USER {USER}')).toBe('plain $USER {USER}');
});

it('names every variable that is missing or empty, and no value', () => {
  const failure = (text: string): unknown => {
    try {
      return secret(text);
    } catch (error) {
      return error;
    }
  };
  const one = failure(name('EMPTY'));
  expect(one).toBeInstanceOf(AppError);
  expect(one).toMatchObject({ code: 'invalid_request', message: 'The variable EMPTY must be set in the environment of the server.' });
  expect(failure(`${name('PASSWORD')}${name('NOT_SET')}${name('EMPTY')}${name('toString')}`)).toMatchObject({
    message: 'The variables NOT_SET, EMPTY, toString must be set in the environment of the server.',
  });
});
