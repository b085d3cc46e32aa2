import { expect, it } from 'vitest';
import { parseJson } from './body.ts';

it('makes bare NaN and Infinity text, and leaves those inside strings alone', () => {
  expect(parseJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" Infinity", "d": 1}')).toEqual({ a: 'NaN', b: ['-Infinity', 'Infinity'], c: 'NaN " Infinity', d: 1 });
});

it.each(['', '{', '{"a": nan}', "{'a': 1}", '[1,]'])('refuses %j by code', (text) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'malformed_json' }));
});
