import type { ru } from './ru/index.ts';

/** Russian has more plural forms than Kazakh and English (CLDR); those have only `one` and `other`. */
type OnlyRussianPlural = `${string}_few` | `${string}_many`;

type Shape<Texts> = {
  readonly [Key in keyof Texts as Key extends OnlyRussianPlural ? never : Key]: Texts[Key] extends string
    ? string
    : Shape<Texts[Key]>;
};

export type Area = keyof typeof ru;

/** The texts of one area, in any language: the keys of the Russian original. */
export type TextsOf<Name extends Area> = Shape<(typeof ru)[Name]>;
export type Texts = Shape<typeof ru>;
