const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

/** On Ctrl-C or a polite end, `stop` hears with which exit status to end; calling what this returns undoes it. */
export function onStop(stop: (status: number) => void): () => void {
  const listeners = Object.entries(statuses).map(([signal, status]) => [signal, () => stop(status)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
