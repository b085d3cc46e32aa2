import { describe, expect, it } from 'vitest';
import { readStationsCsv } from './read-csv.ts';

const file = 'places/stations.csv';
const header = 'id,name_zh,name_en,parent,longitude,latitude';
const read = (text: string) => readStationsCsv(text, file);
const told = (text: string): string[] => read(text).problems.map(({ path, message }) => `${path}: ${message}`);

it('reads what a spreadsheet writes: byte-order mark, CRLF, quotes, doubled quotes, line breaks in a cell, empty rows', () => {
  const answer = read(`\uFEFF${header},note_en\r\na,"甲,乙","The ""old""\r\nquay",north,120.5,-3,\r\n,,,,,,\r\n\r\nb,丙,C,north,+1,0.25,"x"\r\n`);
  expect(answer.problems).toEqual([]);
  expect(answer.stations.map(({ raw }) => raw)).toEqual([
    { id: 'a', name: { zh: '甲,乙', en: 'The "old"\r\nquay' }, parent: 'north', longitude: 120.5, latitude: -3 },
    { id: 'b', name: { zh: '丙', en: 'C' }, parent: 'north', longitude: 1, latitude: 0.25, note: { zh: undefined, en: 'x' } },
  ]);
  expect(answer.stations.map(({ at }) => at('name', 'en'))).toEqual(['row 2, column name_en', 'row 5, column name_en']);
});

it('takes columns in any order, and separates indicators by spaces or semicolons', () => {
  const { stations, problems } = read('indicators,latitude,longitude,id,kind,parent,name_en,name_zh\n"a; b  c",1,2,x,facility,north,X,某\n');
  expect(problems).toEqual([]);
  expect(stations[0]?.raw).toEqual({ id: 'x', kind: 'facility', parent: 'north', name: { zh: '某', en: 'X' }, longitude: 2, latitude: 1, indicators: ['a', 'b', 'c'] });
});

it('reads a place’s own limits as rule:level=value', () => {
  const { stations, problems } = read(`${header},limits\nx,某,X,north,2,1,flood:yellow=8 flood:red=-60.5;heat:blue=35\n`);
  expect(problems).toEqual([]);
  expect(stations[0]?.raw['limits']).toEqual({ flood: { yellow: 8, red: -60.5 }, heat: { blue: 35 } });
});

it('leaves what is no number as it is, for the schema to name', () => {
  expect(read(`${header}\nx,某,X,north,2°E,\n`).stations[0]?.raw).toMatchObject({ longitude: '2°E', latitude: undefined });
});

describe('tells what is wrong', () => {
  it.each([
    ['an empty file', '', ['row 1: must name the columns: id, name_zh, name_en, parent, longitude, latitude, kind, note_zh, note_en, indicators, limits']],
    ['a semicolon table', 'id;name_zh;name_en\n', ['row 1: columns must be separated by commas, not by semicolons or tabs']],
    ['a misspelt column', `${header.replace('parent', 'parrent')}\n`, ['row 1, column parrent: unknown column; did you mean "parent"?']],
    ['two missing columns', 'id,name_zh,name_en,parent\n', ['row 1: the column longitude is missing', 'row 1: the column latitude is missing']],
    ['a column there twice', `${header},id\n`, ['row 1, column id: this column is there twice; keep one of them']],
    ['a comma without quotes', `${header}\nx,某,Quay 1, east,north,2,1\n`, ['row 2: has 7 cells for 6 columns; put a text that contains a comma in double quotes']],
    ['a quote that never ends', `${header}\nx,"某,X,north,2,1\n`, ['row 2: a double quote is opened and never closed']],
    [
      'a quote in the middle',
      `${header}\nx,某,6" pipe,north,2,1\ny,某,Y,north,2,1\n`,
      ['row 2: a double quote inside a cell must be written twice, and the cell put in double quotes'],
    ],
    ['limits nobody can read', `${header},limits\nx,某,X,north,2,1,flood=8\n`, ['row 2, column limits: "flood=8" must be rule:level=value, such as flood_depth:yellow=10']],
    ['a limit given twice', `${header},limits\nx,某,X,north,2,1,f:red=8 f:red=9\n`, ['row 2, column limits: f:red is given twice; keep one of them']],
  ])('%s', (_name, text, problems) => {
    expect(told(text)).toEqual(problems);
  });

  it('and still reads the rows after a broken one', () => {
    const answer = read(`${header}\nx,某,6" pipe,north,2,1\ny,某,Y,north,2,1\n`);
    expect(answer.broken).toBe(true);
    expect(answer.stations.map(({ raw, at }) => [raw['id'], at()])).toEqual([['y', 'row 3']]);
  });
});
