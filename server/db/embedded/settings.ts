/** The settings of the embedded database. They are given at every start, so that a release can change them and an edited file cannot. */
import { clusterName } from './processes.ts';

const common: Record<string, string> = {
  cluster_name: clusterName,
  // An answered request is on disk. These are PostgreSQL's own defaults, repeated because the product's promise hangs on them.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Times are told apart from zones everywhere: UTC inside, the city's zone at the edge.
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A city's machine also runs the server and often a browser; the system's own cache does the rest.
  shared_buffers: '128MB',
  // The server's pool, its copies and an operator's tools, with room to spare.
  max_connections: '60',
  // Bounds both the disk used and the time a restart after a power cut takes to replay.
  max_wal_size: '1GB',
  // The programs are built without it.
  jit: 'off',
  // The server reports the errors of its own statements; written here too, a source that repeats readings would fill the disk.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** Where the server listens: a socket in a private folder, or a local port where there are no such sockets. */
export type Listen = { kind: 'socket'; directory: string; port: number } | { kind: 'local_port'; port: number };

/** The command line of the server for the data directory `data`. */
export function postgresArguments(data: string, listen: Listen): string[] {
  const settings = { ...common, ...listenSettings(listen) };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function listenSettings(listen: Listen): Record<string, string> {
  if (listen.kind === 'local_port') return { listen_addresses: '127.0.0.1', port: String(listen.port), unix_socket_directories: '' };
  return {
    listen_addresses: '',
    port: String(listen.port),
    // A list in PostgreSQL's eyes: quoted, so that a comma in the path does not part it.
    unix_socket_directories: `"${listen.directory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
  };
}
