/** The wire, shared by server, client and seed. This is the only file of the folder that others import. */
export * from './alert.ts';
export * from './api.ts';
export * from './csv.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './events.ts';
export * from './ids.ts';
export * from './indicator.ts';
export * from './instant.ts';
export * from './place.ts';
export * from './reading.ts';
export * from './rollup.ts';
export * from './simulation.ts';
export * from './source.ts';
export * from './words.ts';
