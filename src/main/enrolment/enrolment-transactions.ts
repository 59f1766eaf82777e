import { randomBytes } from 'node:crypto';
import { toHex } from '#shared/bytes.ts';
import { notWaiting } from './wait-for-issue.ts';

/** 128 random bits (RFC 9810 §5.1.1), hexadecimal. */
const newTransactionId = (): string => toHex(randomBytes(16));

/** For which of the two certificates. */
export type WhichTransaction = 'signature' | 'signIn';

/** Facts of a CMP transaction in which nothing has been asked yet. */
export const newTransaction = (which: WhichTransaction) => ({
  [`${which}TransactionId`]: newTransactionId(),
  [`${which}Transaction`]: undefined,
  ...notWaiting,
});

/** The same for both certificates. */
export const newTransactions = () => ({
  signatureTransactionId: newTransactionId(),
  signatureTransaction: undefined,
  signInTransactionId: newTransactionId(),
  signInTransaction: undefined,
  ...notWaiting,
});
