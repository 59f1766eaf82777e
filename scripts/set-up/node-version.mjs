import fs from 'node:fs/promises';
import path from 'node:path';
import { clone } from './places.mjs';

/**
 * Checks that this Node is new enough for package.json's `engines`.
 *
 * @throws Error that says which Node is needed
 */
export async function ensureNode(progress) {
  const { engines } = JSON.parse(await fs.readFile(path.join(clone, 'package.json'), 'utf8'));
  const needed = engines.node.replace('>=', '');
  if (compare(process.versions.node, needed) < 0)
    throw new Error(`Kilt is built with Node ${needed} or newer; this is Node ${process.versions.node}.`);
  progress.inPlace('Node', process.versions.node);
}

function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left.map((part, i) => part - right[i]).find((difference) => difference !== 0) ?? 0;
}
