export function reasonsIn(output: string): string[];
