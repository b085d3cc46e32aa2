import { describe, expect, it } from 'vitest';
import { mappingProblem, namedIds } from './mapping-text.ts';

describe('a mapping', () => {
  it.each([
    '$',
    '$$.a',
    '{"value": $number(v), "observedAt": $receivedAt, "place": $topic[2]}',
    '( $f := function($x, $y){ $x + $y }; items.{ "value": $f(a, b) } )',
    'items@$i#$n.{ "value": $i.v + $n }',
    '$map(items, function($v, $k){ { "value": $v, "place": $k } })',
    'items ~> $filter(function($v){ $v.ok }) ~> $sort',
    '$reduce(items, λ($a, $b){ $a + $b })',
    '$localTime(at, "dd.MM.yyyy") & $topicText & $now() & $string($millis())',
    '/a+/',
  ])('is right as %s', (text) => {
    expect(mappingProblem(text)).toBeNull();
  });

  it.each([
    ['{', /^is no JSONata expression: .* \(at character \d+\)$/],
    ['items.{"value" v}', /^is no JSONata expression/],
    ['('.repeat(20_000), /^is no JSONata expression/],
    ['$tonumber(v)', 'knows no $tonumber; did you mean $number?'],
    ['$topics[1]', 'knows no $topics; did you mean $topic?'],
    ['$zzzzzzzz', 'knows no $zzzzzzzz'],
  ])('is told what is wrong: %s', (text, message) => {
    expect(mappingProblem(text)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('names the ids that it writes out, and only those', () => {
    expect(namedIds('[{"indicator": "a", "place": $topic[1]}, items.{"indicator": "b", "place": "p", "value": "q"}, {"indicator": x ? "c" : "d"}]')).toEqual({
      indicator: expect.arrayContaining(['a', 'b']),
      place: ['p'],
    });
    expect(namedIds('{"indicator": x ? "c" : "d"}')).toEqual({ indicator: [], place: [] });
    expect(namedIds('{')).toEqual({ indicator: [], place: [] });
  });
});
